package org.caravanmta.smtp.server;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.caravanmta.message.SubmittedMessage;

/** An observer that remembers. */
final class Events implements SmtpServerObserver {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    List<String> seen() {
        return seen;
    }

    @Override
    public void connectionAccepted(InetAddress client) {
        seen.add("accepted " + client.getHostAddress());
    }

    @Override
    public void connectionRefused(InetAddress client, int code) {
        seen.add("refused " + code);
    }

    @Override
    public void handshakeFailed(InetAddress client) {
        seen.add("no TLS");
    }

    @Override
    public void connectionClosed(InetAddress client) {
        seen.add("closed " + client.getHostAddress());
    }

    @Override
    public void messageSubmitted(SubmittedMessage message) {
        seen.add("submitted " + message.recipients().size());
    }

    @Override
    public void messageAnswered(InetAddress client, int code) {
        seen.add("answered " + code);
    }

    @Override
    public void messageRefused(InetAddress client, int code) {
        seen.add("message refused " + code);
    }
}
