package org.caravanmta.system;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A submitting client that hears every reply. One thread. */
final class SmtpClient implements AutoCloseable {

    static final String SENDER = "sender@client.example";
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private SmtpClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
        expect("220", read());
        expect("250", say("EHLO client.example"));
    }

    static SmtpClient connect(InetSocketAddress server) throws IOException {
        return connect(server, "127.0.0.1");
    }

    /** @param local the address it comes from */
    static SmtpClient connect(InetSocketAddress server, String local) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.bind(new InetSocketAddress(local, 0));
            socket.connect(server, TIMEOUT_MS);
            return new SmtpClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Header lines, then a subject and a short body. */
    static String text(String... header) {
        StringBuilder b = new StringBuilder();
        for (String field : header)
            b.append(field).append("\r\n");
        return b + "Subject: test\r\n\r\nThe body.\r\n";
    }

    /** A whole transaction; the reply to the end of data, or the first refusal before it. */
    String submit(String text, String... recipients) throws IOException {
        String reply = begin(recipients);
        return reply.startsWith("354") ? end(text) : reply;
    }

    /** As far as DATA, without reports; its reply, or the first refusal before it. */
    String begin(String... recipients) throws IOException {
        String reply = say("MAIL FROM:<" + SENDER + ">");
        for (int i = 0; i < recipients.length && reply.startsWith("250"); i++)
            reply = say("RCPT TO:<" + recipients[i] + "> NOTIFY=NEVER");
        return reply.startsWith("250") ? say("DATA") : reply;
    }

    /** The message and its final dot. */
    String end(String text) throws IOException {
        write(text.replace("\r\n.", "\r\n..") + ".\r\n");
        return read();
    }

    String say(String line) throws IOException {
        write(line + "\r\n");
        return read();
    }

    void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** The last line of the next reply. */
    String read() throws IOException {
        for (String line; (line = in.readLine()) != null;)
            if (line.length() < 4 || line.charAt(3) != '-')
                return line;
        throw new EOFException("the gateway closed the connection");
    }

    private static void expect(String code, String reply) throws IOException {
        if (!reply.startsWith(code))
            throw new IOException("found " + reply + ", expected " + code);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
