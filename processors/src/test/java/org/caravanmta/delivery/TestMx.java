package org.caravanmta.delivery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A receiver on a loopback address whose answer to each RCPT a test decides; remembers what it took. */
final class TestMx implements AutoCloseable {

    record Received(String client, String ehlo, String from, List<String> recipients, String data, long atNanos) {
    }

    record Opened(String client, long atNanos) {
    }

    final List<Received> received = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger maxOpen = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    /** When each connection came, and from where. */
    final List<Opened> opened = new CopyOnWriteArrayList<>();
    /** The most 4xx and 5xx replies said on one connection. */
    final AtomicInteger mostRefusals = new AtomicInteger();
    /** The most messages taken on one connection. */
    final AtomicInteger mostMessages = new AtomicInteger();
    final AtomicInteger transactions = new AtomicInteger();
    /** The most transactions at the same time, over all connections, from MAIL to the reply to the data. */
    final AtomicInteger mostTransactions = new AtomicInteger();
    /** How long each reply takes. */
    volatile long delayMs;
    private final ServerSocket server;
    private final Function<String, String> rcpt;

    /** @param rcpt the reply to a recipient; null for 250 */
    TestMx(String address, Function<String, String> rcpt) throws IOException {
        this(address, 0, rcpt);
    }

    TestMx(String address, int port, Function<String, String> rcpt) throws IOException {
        this.rcpt = rcpt;
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                client.setTcpNoDelay(true);
                connections.incrementAndGet();
                opened.add(new Opened(client.getInetAddress().getHostAddress(), System.nanoTime()));
                maxOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    /** A connection is over once the client has said QUIT or closed. */
    private void serve(Socket client) {
        try (client) {
            try {
                talk(client);
            } finally {
                open.decrementAndGet();
            }
            say(client.getOutputStream(), "221 bye");
        } catch (IOException e) {
            // the client went away: part of the tests
        }
    }

    private void talk(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream();
        say(out, "220 mx.test");
        String ehlo = null;
        String from = null;
        List<String> to = new CopyOnWriteArrayList<>();
        int refusals = 0;
        int messages = 0;
        for (String line; (line = in.readLine()) != null;) {
            String verb = line.substring(0, Math.min(4, line.length()));
            switch (verb) {
                case "EHLO" -> {
                    ehlo = line.substring(5);
                    say(out, "250-mx.test\r\n250-PIPELINING\r\n250 8BITMIME");
                }
                case "MAIL" -> {
                    mostTransactions.accumulateAndGet(transactions.incrementAndGet(), Math::max);
                    from = line;
                    to = new CopyOnWriteArrayList<>();
                    say(out, "250 ok");
                }
                case "RCPT" -> {
                    String address = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                    String reply = rcpt.apply(address);
                    if (reply == null)
                        to.add(address);
                    else
                        mostRefusals.accumulateAndGet(++refusals, Math::max);
                    say(out, reply == null ? "250 ok" : reply);
                }
                case "DATA" -> {
                    if (to.isEmpty()) {
                        mostRefusals.accumulateAndGet(++refusals, Math::max);
                        say(out, "503 no recipients");
                        break;
                    }
                    say(out, "354 go");
                    StringBuilder data = new StringBuilder();
                    for (String l; (l = in.readLine()) != null && !l.equals(".");)
                        data.append(l).append("\r\n");
                    received.add(new Received(client.getInetAddress().getHostAddress(), ehlo, from, to, data.toString(),
                            System.nanoTime()));
                    mostMessages.accumulateAndGet(++messages, Math::max);
                    transactions.decrementAndGet();
                    say(out, "250 taken");
                }
                case "QUIT" -> {
                    return;
                }
                default -> say(out, "250 ok");
            }
        }
    }

    private void say(OutputStream out, String reply) throws IOException {
        if (delayMs > 0)
            LockSupport.parkNanos(delayMs * 1_000_000);
        out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
