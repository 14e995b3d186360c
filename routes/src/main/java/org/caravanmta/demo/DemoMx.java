package org.caravanmta.demo;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

import org.caravanmta.sink.ReceivedMail;
import org.caravanmta.sink.Sink;
import org.caravanmta.sink.SinkScript;

/** The receiver of the demonstration: says 4xx once to one domain, 5xx to some, and remembers who came from where. */
final class DemoMx implements AutoCloseable {

    private final Map<String, Set<String>> sources = new ConcurrentHashMap<>();
    private final Sink sink;

    DemoMx() {
        SinkScript script = new SinkScript().rcpt("*@later.example", "451 4.7.1 busy, try again later", 1);
        for (int digit = 0; digit < 10; digit += 2)
            script.rcpt("user*" + digit + "@gone.example", "550 5.1.1 no such user", 0);
        sink = new Sink(new InetSocketAddress("127.0.0.2", 0), script, this::received);
    }

    private void received(ReceivedMail mail) {
        String virtualMta = mail.ehlo().substring(0, mail.ehlo().indexOf('.'));
        sources.computeIfAbsent(virtualMta, v -> new ConcurrentSkipListSet<>()).add(mail.client());
    }

    InetSocketAddress address() {
        return sink.address();
    }

    /** The addresses that mail with this VirtualMTA's host name came from. */
    String sourceOf(String virtualMta) {
        return String.join(" ", sources.getOrDefault(virtualMta, Set.of()));
    }

    @Override
    public void close() {
        sink.close();
    }
}
