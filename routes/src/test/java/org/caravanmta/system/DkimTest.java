package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway signs is valid in the eyes of others, and differs by VirtualMTA and destination. */
class DkimTest {

    /** OpenDKIM asks for a date. */
    private static final String PLAIN = "From: Me <me@news.signed.test>\r\nTo: you@there.test\r\n"
            + "Date: Wed, 25 Nov 2026 01:00:00 +0000\r\n";
    private static final int LARGE_LINES = 20_000;

    /** Bodies and headers that canonicalization has something to do with, by name. */
    private static final Map<String, String> MESSAGES = messages();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;
    private static Mx mx;
    private static Mx behindPostfix;
    private static Postfix postfix;
    private static LocalGateway gateway;
    private static DkimVerifiers verifiers;

    private static Map<String, String> messages() {
        Map<String, String> m = new LinkedHashMap<>();
        m.put("plain", PLAIN + "Subject: x\r\n\r\nHello\r\n");
        m.put("no body", PLAIN + "\r\n");
        m.put("empty lines", PLAIN + "Subject: x\r\n\r\n\r\n\r\nHello \t there \r\n \r\n\r\n\r\n");
        m.put("folded", PLAIN + "Subject: a\r\n  folded\r\n\t subject  \r\nReply-To:\t me@signed.test \r\n\r\nx\r\n");
        m.put("repeated",
                PLAIN + "List-Help: <http://a.test>\r\nSubject: x\r\nList-Help:  <http://b.test>\r\n\r\nx\r\n");
        m.put("dots", PLAIN + "Subject: x\r\n\r\n.\r\n..\r\n. x\r\n");
        m.put("8 bit", PLAIN + "Subject: caf\u00e9\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=x\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\ncaf\u00e9 \u00ff\u0080\r\n");
        m.put("large", PLAIN + "Subject: large\r\n\r\n" + "0123456789 abcdefghij  \r\n".repeat(LARGE_LINES));
        return m;
    }

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> records = new LinkedHashMap<>();
        for (Path p : List.of(folder.resolve("home/keys"), folder.resolve("postfix")))
            Files.createDirectories(p);
        KeyPair rsa = key("rsa.pem", "RSA", 2048);
        KeyPair successor = key("rsa2.pem", "RSA", 2048);
        records.put("rsa2._domainkey.signed.test",
                "v=DKIM1; k=rsa; p=" + base64(successor.getPublic().getEncoded()));
        KeyPair ed = key("ed.pem", "Ed25519", 0);
        records.put("rsa._domainkey.signed.test", "v=DKIM1; k=rsa; p=" + base64(rsa.getPublic().getEncoded()));
        byte[] raw = ed.getPublic().getEncoded();
        records.put("ed._domainkey.signed.test",
                "v=DKIM1; k=ed25519; p=" + base64(Arrays.copyOfRange(raw, raw.length - 32, raw.length)));
        records.put("own._domainkey.news.signed.test", records.get("rsa._domainkey.signed.test"));
        verifiers = new DkimVerifiers(folder, "127.28.0.53", records);
        mx = new Mx("127.28.0.2");
        behindPostfix = new Mx("127.28.0.4");
        postfix = Postfix.start(folder.resolve("postfix"), "127.28.0.3", "relayhost = [127.28.0.4]:"
                + behindPostfix.port());
        gateway = LocalGateway.start(folder.resolve("home"), """
                host-name: gw.test
                smtp-listener: [ "127.28.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, process-x-virtual-mta: yes, default-virtual-mta: a,
                                 process-x-dkim-options: yes }
                  127.28.9.9: { process-x-dkim-options: no }
                domain-key: [ "rsa,signed.test,keys/rsa.pem", "ed,signed.test,keys/ed.pem" ]
                virtual-mta:
                  a: { smtp-source-host: [ "127.28.1.1 a.gw.test" ] }
                  b:
                    smtp-source-host: [ "127.28.1.2 b.gw.test" ]
                    domain-key: own,news.signed.test,keys/rsa.pem
                domain:
                  "*": { smtp-hosts: [ "%s" ], dkim-sign: yes, dkim-identity: from }
                  relaxed.test: { dkim-expire-after: 7d }
                  relaxedsimple.test: { dkim-body-canon: simple, second-dkim-sign: yes,
                                        second-dkim-algorithm: ed25519-sha256, second-dkim-headers-canon: simple }
                  simple.test: { dkim-headers-canon: simple, dkim-body-canon: simple }
                  ed.test: { dkim-algorithm: ed25519-sha256 }
                  unsigned.test: { dkim-sign: no }
                  maybe.test: { dkim-sign: if-key-present }
                  postfix.test: { smtp-hosts: [ "127.28.0.3:%d" ], second-dkim-sign: yes,
                                  second-dkim-algorithm: ed25519-sha256 }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(mx.hop(), postfix.address().getPort()));
    }

    private static KeyPair key(String file, String algorithm, int bits) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
        if (bits > 0)
            g.initialize(bits);
        KeyPair pair = g.generateKeyPair();
        Path path = Files.writeString(folder.resolve("home/keys").resolve(file), "-----BEGIN PRIVATE KEY-----\n"
                + base64(pair.getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return pair;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @AfterAll
    static void stop() throws Exception {
        if (gateway != null)
            gateway.close();
        if (postfix != null)
            postfix.close();
        for (AutoCloseable c : Arrays.asList(mx, behindPostfix, verifiers))
            if (c != null)
                c.close();
    }

    @AfterEach
    void conserved() throws Exception {
        gateway.recordsWhenDone();
        assertThat(gateway.gateway().conservation().holds()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "relaxed", "relaxedsimple", "simple", "ed" })
    void twoOtherProgramsTakeEverySignature(String domain) throws Exception {
        int number = 0;
        for (Map.Entry<String, String> m : MESSAGES.entrySet()) {
            String recipient = "m" + number++ + "@" + domain + ".test";
            gateway.take(m.getValue(), recipient);
            byte[] received = mx.awaitMail(recipient).data();
            assertValid(m.getKey(), received, domain.equals("relaxedsimple") ? 2 : 1);
        }
        byte[] changed = mx.awaitMail("m0@" + domain + ".test").text().replace("Hello", "Hallo")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(verifiers.byPython(changed)).isNotEmpty().allMatch(v -> v.startsWith("invalid"));
        assertThat(verifiers.byOpenDkim(DkimVerifiers.withOnly(0, changed))).isNotEqualTo("valid");
    }

    private static void assertValid(String what, byte[] message, int signatures) throws Exception {
        assertThat(verifiers.byPython(message)).as(what).hasSize(signatures).containsOnly("valid");
        for (int i = 0; i < signatures; i++)
            assertThat(verifiers.byOpenDkim(DkimVerifiers.withOnly(i, message))).as(what).isEqualTo("valid");
    }

    @Test
    void signaturesLiveThroughARelay() throws Exception {
        int number = 0;
        for (Map.Entry<String, String> m : MESSAGES.entrySet()) {
            String recipient = "m" + number++ + "@postfix.test";
            gateway.take(m.getValue(), recipient);
            ReceivedMail received = behindPostfix.awaitMail(recipient);
            assertThat(received.text()).contains("by postfix.test (Postfix)");
            assertValid(m.getKey(), received.data(), 2);
        }
    }

    /** One message, four ways: two keys, no signature, and perhaps one. */
    @Test
    void eachVirtualMtaAndDestinationHasItsOwnSignature() throws Exception {
        String[] recipients = { "x@one.test", "x@two.test", "x@unsigned.test", "x@maybe.test" };
        gateway.take(PLAIN + "X-Virtual-MTA: b\r\n\r\nHello\r\n", recipients);

        assertThat(signature("x@one.test")).contains("s=own;", "d=news.signed.test;")
                .isEqualTo(signature("x@two.test")).isEqualTo(signature("x@maybe.test"));
        assertThat(signature("x@unsigned.test")).isEmpty();
        assertValid("own key", mx.awaitMail("x@one.test").data(), 1);
        gateway.take(PLAIN + "\r\nHello\r\n", "y@one.test");
        assertThat(signature("y@one.test")).contains("s=rsa;", "d=signed.test;", "i=me@news.signed.test");
    }

    @Test
    void aMessageMayAskForItsIdentityWhereItsSourceMay() throws Exception {
        String text = PLAIN + "X-DKIM-Options: i=@signed.test; s=rsa\r\nX-DKIM-Key: PRIVATE\r\n\r\nHello\r\n";
        gateway.take(text, "asked@one.test");
        try (SmtpClient client = SmtpClient.connect(gateway.listener(), "127.28.9.9")) {
            assertThat(client.submit(text, "notasked@one.test")).startsWith("250");
        }
        try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
            assertThat(client.submit(text.replace("s=rsa", "x"), "odd@one.test"))
                    .isEqualTo("550 5.7.0 x-dkim-options: only s=, d=, i= and q= are known");
            assertThat(client.submit(text.replace("s=rsa", "s=none"), "none@one.test")).startsWith("451 4.7.0");
        }

        assertThat(signature("asked@one.test")).contains("i=@signed.test");
        assertThat(signature("notasked@one.test")).contains("i=me@news.signed.test");
        for (String recipient : List.of("asked@one.test", "notasked@one.test"))
            assertThat(mx.awaitMail(recipient).text()).doesNotContain("X-DKIM", "PRIVATE");
        assertValid("asked", mx.awaitMail("asked@one.test").data(), 1);
    }

    /** Overlap rotation: both keys are published, and the gateway runs on. */
    @Test
    void aNewKeySignsAfterAReload() throws Exception {
        Path file = folder.resolve("home/caravan.yaml");
        String before = Files.readString(file);
        gateway.take(PLAIN + "\r\nHello\r\n", "before@one.test");
        String after = before.replace("\"rsa,signed.test,keys/rsa.pem\"", "\"rsa2,signed.test,keys/rsa2.pem\"");
        gateway.gateway().reload(ConfigReader.readText(file.toString(), after, () -> "gw.test").config());
        gateway.take(PLAIN + "\r\nHello\r\n", "after@one.test");
        gateway.gateway().reload(ConfigReader.readText(file.toString(), before, () -> "gw.test").config());

        assertThat(signature("before@one.test")).contains("s=rsa;");
        assertThat(signature("after@one.test")).contains("s=rsa2;");
        for (String recipient : List.of("before@one.test", "after@one.test"))
            assertValid(recipient, mx.awaitMail(recipient).data(), 1);
    }

    private static String signature(String recipient) {
        String text = mx.awaitMail(recipient).text();
        return text.startsWith("DKIM-Signature:") ? text.substring(0, text.indexOf("\r\nReceived:")) : "";
    }

    @Test
    void mailWithoutAKeyGoesWhereItMay() throws Exception {
        gateway.take("From: x@foreign.test\r\n\r\nHello\r\n", "r@maybe.test");
        gateway.take(PLAIN + "\r\nHello\r\n", "r@two.test");
        assertThat(signature("r@maybe.test")).isEmpty();
        assertThat(signature("r@two.test")).isNotEmpty();
    }

    @Test
    void manyAtATime() throws Exception {
        List<Thread> clients = IntStream.range(0, 8).mapToObj(c -> Thread.ofPlatform().start(() -> {
            try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
                for (int i = 0; i < 25; i++)
                    assertThat(client.submit(PLAIN + "Subject: " + c + "-" + i + "\r\n\r\nHello\r\n",
                            "n" + c + "-" + i + "@many.test")).startsWith("250");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        })).toList();
        for (Thread t : clients)
            t.join();
        gateway.recordsWhenDone();
        List<ReceivedMail> all = mx.mails().stream().filter(m -> m.recipients().getFirst().endsWith("@many.test"))
                .toList();
        assertThat(all).hasSize(200);
        for (ReceivedMail mail : all.subList(0, 20))
            assertThat(verifiers.byPython(mail.data())).containsExactly("valid");
    }
}
