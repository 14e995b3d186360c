package org.caravanmta.system;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code openssl s_client} as an SMTP client. */
final class OpensslClient implements AutoCloseable {

    private final Process process;
    private final BufferedReader in;
    private final OutputStream out;
    private final Path complaints;

    /**
     * Connected and greeted, but not introduced under TLS yet.
     *
     * @param starttls else TLS from the first byte
     * @param trusted  the certificate that is expected
     */
    OpensslClient(InetSocketAddress server, boolean starttls, Path trusted, String... more) throws IOException {
        complaints = Files.createTempFile("s_client", ".err");
        List<String> command = new ArrayList<>(List.of(Programs.require("openssl").toString(), "s_client", "-quiet",
                "-connect", server.getAddress().getHostAddress() + ":" + server.getPort(), "-CAfile",
                trusted.toString(), "-verify_return_error"));
        if (starttls)
            command.addAll(List.of("-starttls", "smtp"));
        command.addAll(List.of(more));
        process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        in = process.inputReader(StandardCharsets.ISO_8859_1);
        out = process.getOutputStream();
    }

    /** @return the last line of the next reply with this code; others are passed over: s_client prints one itself */
    String expect(String code) throws IOException {
        for (String line; (line = in.readLine()) != null;)
            if (line.startsWith(code + " "))
                return line;
        throw new EOFException("s_client ended: " + Files.readString(complaints));
    }

    String say(String line, String code) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return expect(code);
    }

    /** A whole transaction of an introduced client. */
    void submit(String text, String recipient) throws IOException {
        say("MAIL FROM:<" + SmtpClient.SENDER + ">", "250");
        // "R" at the start of a line means something to s_client
        say("rcpt TO:<" + recipient + ">", "250");
        say("DATA", "354");
        say(text + ".", "250");
    }

    /** What s_client found wrong, after it has ended by itself. */
    String complaints() throws IOException {
        process.onExit().join();
        return Files.readString(complaints);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(complaints);
    }
}
