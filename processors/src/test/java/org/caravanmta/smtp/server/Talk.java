package org.caravanmta.smtp.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A client that says what the test says. Blocking: the test reads like the conversation. */
final class Talk implements AutoCloseable {

    /** Small, so that it is soon full. */
    static final int SOCKET_BUFFER_BYTES = 32 * 1024;

    private Socket socket = new Socket();
    private InputStream in;
    private final Segments segments;

    Talk(String clientAddress, InetSocketAddress server, Segments segments) throws IOException {
        this.segments = segments;
        socket.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
        socket.bind(new InetSocketAddress(InetAddress.getByName(clientAddress), 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        socket.connect(server, 10_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Says STARTTLS, hears the go-ahead and does the handshake. */
    SSLSession startTls() throws Exception {
        ask("STARTTLS", "220 2.0.0 Ready to start TLS");
        return handshake();
    }

    /** From here on under TLS. */
    SSLSession handshake(String... protocols) throws Exception {
        SSLSocket secure = (SSLSocket) TestTls.client().getSocketFactory().createSocket(socket, "mta.example", 25,
                true);
        if (protocols.length > 0)
            secure.setEnabledProtocols(protocols);
        secure.startHandshake();
        socket = secure;
        in = new BufferedInputStream(secure.getInputStream());
        return secure.getSession();
    }

    /** Each argument is one line; all in one write. */
    void say(String... lines) throws IOException {
        raw((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** One write; each character is one byte. */
    void raw(String s) throws IOException {
        raw(s.getBytes(StandardCharsets.ISO_8859_1));
    }

    void raw(byte[] bytes) throws IOException {
        raw(bytes, 0, bytes.length);
    }

    void raw(byte[] bytes, int from, int length) throws IOException {
        segments.sent(length);
        socket.getOutputStream().write(bytes, from, length);
    }

    /** The same, and waits until the server has worked on it: what is sent next is another segment. */
    void segment(String s) throws Exception {
        raw(s);
        segments.awaitAll();
    }

    void expect(String... lines) throws IOException {
        for (String expected : lines) {
            String line = line();
            if (!line.equals(expected))
                throw new AssertionError("expected `" + expected + "`, server says `" + line + "`");
        }
    }

    /** Says a line and expects this reply. */
    void ask(String line, String... reply) throws IOException {
        say(line);
        expect(reply);
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0)
                throw new EOFException("server closed after `" + line + "`");
            line.write(c);
        }
        String s = line.toString(StandardCharsets.US_ASCII);
        if (!s.endsWith("\r"))
            throw new AssertionError("bare LF in `" + s + "`");
        return s.substring(0, s.length() - 1);
    }

    /** The server has nothing more to say and has closed. */
    void expectEnd() throws IOException {
        int c = in.read();
        if (c >= 0)
            throw new AssertionError("expected the end, server says `" + (char) c + line() + "`");
    }

    /** Nothing has come that was not read. */
    boolean silent() throws IOException {
        return in.available() == 0;
    }

    /** Greeting and EHLO. */
    void hello() throws IOException {
        expect("220 mta.example ESMTP");
        ehlo();
    }

    /** @return the extensions */
    List<String> ehlo() throws IOException {
        List<String> lines = new ArrayList<>();
        say("EHLO client.example");
        do
            lines.add(line());
        while (lines.getLast().startsWith("250-"));
        if (!lines.getLast().startsWith("250 "))
            throw new AssertionError("EHLO: " + lines);
        return lines.stream().skip(1).map(l -> l.substring(4)).toList();
    }

    void mail() throws IOException {
        ask("MAIL FROM:<a@example.com>", "250 2.1.0 Sender OK");
    }

    /** A transaction with one recipient, up to 354. */
    void data() throws IOException {
        envelope();
        ask("DATA", "354 End data with <CR><LF>.<CR><LF>");
    }

    void envelope() throws IOException {
        mail();
        ask("RCPT TO:<b@dest.example>", "250 2.1.5 Recipient OK");
    }

    /** A whole transaction; the message is given as on the wire, without the last dot. */
    void send(String content) throws IOException {
        data();
        raw(content + ".\r\n");
    }

    void quit() throws IOException {
        ask("QUIT", "221 2.0.0 Bye");
        expectEnd();
    }

    /** Closes without a word. */
    void leave() throws IOException {
        socket.close();
    }

    /** Closes with a reset instead of an orderly end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
