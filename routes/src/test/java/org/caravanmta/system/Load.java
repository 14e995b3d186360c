package org.caravanmta.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sessions that hand in mail without a pause, also while the gateway comes and goes, and know what they heard for each
 * recipient.
 */
final class Load implements AutoCloseable {

    private static final int DOMAINS = 4;
    /** A message has one to so many recipients, each of another domain. */
    private static final int RECIPIENTS = 3;
    private static final int LARGE_EVERY = 50;
    private static final int LARGE_LINES = 8000;
    private static final String LINE = "One of many lines that all look the same.\r\n";

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> inDoubt = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> sessions = new ArrayList<>();
    private volatile InetSocketAddress gateway;
    private volatile boolean stopping;

    Load(int sessions) {
        for (int i = 0; i < sessions; i++)
            this.sessions.add(Thread.ofPlatform().daemon().name("load-" + i).start(this::sessions));
    }

    /** @param listener null while there is no gateway */
    void to(InetSocketAddress listener) {
        gateway = listener;
    }

    /** Recipients whose message was answered with 250. */
    Set<String> accepted() {
        return accepted;
    }

    /** Recipients whose message was under way when the connection was lost: may have been taken or not. */
    Set<String> inDoubt() {
        return inDoubt;
    }

    private void sessions() {
        while (!stopping) {
            InetSocketAddress to = gateway;
            if (to == null)
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            else
                session(to);
        }
    }

    private void session(InetSocketAddress to) {
        try (SmtpClient client = SmtpClient.connect(to)) {
            while (!stopping)
                submit(client);
        } catch (IOException e) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // the gateway was killed
        }
    }

    /** Message {@code n}; some of them are large. */
    private static String text(int n) {
        return SmtpClient.text("X-Number: " + n) + LINE.repeat(n % LARGE_EVERY == 0 ? LARGE_LINES : 1);
    }

    /** What stands in every message to this recipient, up to its end. */
    static String text(String recipient) {
        return text(Integer.parseInt(recipient.substring(1, recipient.indexOf('@'))));
    }

    private void submit(SmtpClient client) throws IOException {
        int n = next.incrementAndGet();
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i <= n % RECIPIENTS; i++)
            recipients.add("u" + n + "@d" + (n + i) % DOMAINS + ".test");
        inDoubt.addAll(recipients);
        String reply = client.submit(text(n), recipients.toArray(String[]::new));
        recipients.forEach(inDoubt::remove);
        if (reply.startsWith("250"))
            accepted.addAll(recipients);
    }

    /** Ends the sessions after the message each is at. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread s : sessions)
            s.join(TimeUnit.SECONDS.toMillis(40));
    }

    @Override
    public void close() {
        stopping = true;
    }
}
