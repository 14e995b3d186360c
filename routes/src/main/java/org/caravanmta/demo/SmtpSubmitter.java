package org.caravanmta.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A plain SMTP client that hands mail in, one transaction after the other. One thread. */
public final class SmtpSubmitter implements AutoCloseable {

    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final BufferedWriter out;

    /** Connects, reads the greeting and says EHLO. */
    public SmtpSubmitter(InetSocketAddress server) throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.connect(server, TIMEOUT_MS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
        expect(220, read());
        expect(250, say("EHLO client.example"));
    }

    /** @return the reply to the end of data, or the first refusal before it */
    public String submit(String from, List<String> recipients, String data) throws IOException {
        String reply = say("MAIL FROM:<" + from + ">");
        for (int i = 0; i < recipients.size() && reply.startsWith("250"); i++)
            reply = say("RCPT TO:<" + recipients.get(i) + ">");
        if (!reply.startsWith("250"))
            return reply;
        reply = say("DATA");
        if (!reply.startsWith("354"))
            return reply;
        out.write(data.replace("\r\n.", "\r\n.."));
        return say(data.endsWith("\r\n") ? "." : "\r\n.");
    }

    private String say(String line) throws IOException {
        out.write(line);
        out.write("\r\n");
        out.flush();
        return read();
    }

    /** The last line of the reply. */
    private String read() throws IOException {
        for (String line; (line = in.readLine()) != null;)
            if (line.length() < 4 || line.charAt(3) != '-')
                return line;
        throw new IOException("the server closed the connection");
    }

    private static void expect(int code, String reply) throws IOException {
        if (!reply.startsWith(Integer.toString(code)))
            throw new IOException("found " + reply + ", expected " + code);
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            say("QUIT");
        }
    }
}
