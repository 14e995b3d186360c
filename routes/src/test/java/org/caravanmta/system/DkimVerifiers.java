package org.caravanmta.system;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Two programs of others that verify DKIM: OpenDKIM's {@code opendkim-testmsg}, which asks a name server, and the Python
 * package {@code dkim}, which gets the records in a file. OpenDKIM needs root: it sees a {@code /etc/resolv.conf} of its
 * own.
 */
final class DkimVerifiers implements AutoCloseable {

    private static final String PYTHON = """
            import json, sys, dkim
            records = {k: v.encode() for k, v in json.load(open(sys.argv[1])).items()}
            message = sys.stdin.buffer.read()
            checker = dkim.DKIM(message)
            count = sum(1 for name, _ in checker.headers if name.lower() == b'dkim-signature')
            for i in range(count):
                try:
                    ok = dkim.DKIM(message).verify(i,
                            dnsfunc=lambda name, timeout=5: records.get(name.decode().rstrip('.')))
                    print('valid' if ok else 'invalid')
                except dkim.ValidationError as e:
                    print('invalid:', e)
            """;

    private final Path folder;
    private final TxtServer server;
    private final Map<String, String> records;
    private final String opendkim;
    private final String unshare;
    private final String python;

    /**
     * @param ip      address of this test's own name server, on port 53
     * @param records texts by name
     */
    DkimVerifiers(Path folder, String ip, Map<String, String> records) throws IOException {
        Programs.requireRoot();
        opendkim = Programs.require("opendkim-testmsg").toString();
        unshare = Programs.require("unshare").toString();
        Programs.require("dkimverify");
        python = "/usr/bin/python3"; // Debian's own, for which its packages are
        this.folder = folder;
        this.records = new TreeMap<>(records);
        server = new TxtServer(ip, 53);
        records.forEach(server::put);
        Files.writeString(folder.resolve("resolv.conf"), "nameserver " + ip + "\noptions timeout:5 attempts:2\n");
        Files.writeString(folder.resolve("verify.py"), PYTHON);
        Files.writeString(folder.resolve("records.json"), json());
    }

    private String json() {
        return this.records.entrySet().stream().map((Entry<String, String> e) -> "\"" + e.getKey() + "\": \""
                + e.getValue() + "\"").collect(Collectors.joining(",\n", "{", "}"));
    }

    /** {@code valid}, or {@code invalid} and perhaps why, for each signature, from the top. */
    List<String> byPython(byte[] message) throws IOException {
        return run(message, python, folder.resolve("verify.py").toString(), folder.resolve("records.json").toString())
                .lines().toList();
    }

    /** {@code valid}, or what it says against the only signature. */
    String byOpenDkim(byte[] message) throws IOException {
        String said = run(message, unshare, "-m", "sh", "-c",
                "mount --bind \"$1\" /etc/resolv.conf && exec \"$2\" -C", "sh",
                folder.resolve("resolv.conf").toString(), opendkim);
        return said.isBlank() ? "valid" : said;
    }

    private static String run(byte[] input, String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.onExit().join();
        return said;
    }

    /** The message with one of its signatures only. */
    static byte[] withOnly(int signature, byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n") + 2;
        StringBuilder b = new StringBuilder();
        int seen = 0;
        for (String field : text.substring(0, end).split("(?<=\r\n)(?![ \t])"))
            if (!field.startsWith("DKIM-Signature:") || seen++ == signature)
                b.append(field);
        return b.append(text.substring(end)).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        server.close();
    }
}
