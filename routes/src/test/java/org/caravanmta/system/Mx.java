package org.caravanmta.system;

import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.caravanmta.sink.ReceivedMail;
import org.caravanmta.sink.Sink;
import org.caravanmta.sink.SinkScript;

/** A receiver that answers as its script says and remembers what it took. */
final class Mx implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final Queue<ReceivedMail> mails = new ConcurrentLinkedQueue<>();
    private final Sink sink;

    Mx(String ip, int port, SinkScript script) {
        sink = new Sink(new InetSocketAddress(ip, port), script, mails::add);
    }

    Mx(String ip) {
        this(ip, 0, new SinkScript());
    }

    int port() {
        return sink.address().getPort();
    }

    /** As it stands in {@code smtp-hosts}. */
    String hop() {
        return sink.address().getAddress().getHostAddress() + ":" + port();
    }

    /** All that were ever made to it. */
    long connections() {
        return sink.counters().connections.sum();
    }

    List<ReceivedMail> mails() {
        return List.copyOf(mails);
    }

    /** Every recipient of every message taken; twice when it came twice. */
    List<String> recipients() {
        return mails.stream().flatMap(m -> m.recipients().stream()).toList();
    }

    List<ReceivedMail> to(String recipient) {
        return mails.stream().filter(m -> m.recipients().contains(recipient)).toList();
    }

    /** The message for this recipient, once it has come. */
    ReceivedMail awaitMail(String recipient) {
        await("mail for " + recipient).atMost(LIMIT).until(() -> !to(recipient).isEmpty());
        return to(recipient).getFirst();
    }

    @Override
    public void close() {
        sink.close();
    }
}
