package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SignedHeaders;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code domain-key} and the directives about signing. */
class DkimConfigTest {

    private static final String REST = """
            smtp-listener: [ "127.0.0.1:2525" ]
            source: { 127.0.0.0/8: { always-allow-relaying: yes } }
            acct-file: { path: acct.csv }
            """;

    @TempDir
    Path folder;

    private ConfigReader.Result read(String text) {
        return ConfigReader.readText(folder.resolve("caravan.yaml").toString(), text + REST, () -> "gw.example.com");
    }

    private void key(String file, String algorithm, int bits, String mode) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
        if (bits > 0)
            g.initialize(bits);
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(g.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void keysOfAllLevels() throws Exception {
        key("keys/rsa.pem", "RSA", 2048, "rw-------");
        key("keys/ed.pem", "Ed25519", 0, "rw-r-----");
        Files.writeString(folder.resolve("more.yaml"), "domain-key: 2024, Three.Example, keys/ed.pem\n"
                + "smtp-source-host: [ \"127.0.1.2 b.example.com\" ]\n");

        CaravanConfig c = read("""
                domain-key: [ "g1,example.com,keys/rsa.pem", "g2, *, keys/ed.pem" ]
                virtual-mta:
                  a: { smtp-source-host: [ "127.0.1.1 a.example.com" ], domain-key: "own,two.example,keys/rsa.pem" }
                  b: { include: more.yaml }
                virtual-mta-pool: { p: { virtual-mta: [ a, b ], domain-key: "pool,four.example,keys/rsa.pem" } }
                domain: { "*": { dkim-sign: yes } }
                """).config();

        assertThat(names(c.signingKeys().of("a", null))).containsExactly("own,two.example,keys/rsa.pem",
                "g1,example.com,keys/rsa.pem", "g2,*,keys/ed.pem");
        assertThat(names(c.signingKeys().of("b", "p"))).containsExactly("2024,three.example,keys/ed.pem",
                "pool,four.example,keys/rsa.pem", "g1,example.com,keys/rsa.pem", "g2,*,keys/ed.pem");
        assertThat(names(c.signingKeys().of("{default}", null))).hasSize(2);
        assertThat(ConfigSummary.of(c)).contains("DKIM keys       own,two.example,keys/rsa.pem");
        List<SigningKey> all = c.signingKeys().of("a", "p");
        assertThat(all.get(0).privateKey()).isSameAs(all.get(1).privateKey()).isSameAs(all.get(2).privateKey());
    }

    private static List<String> names(List<SigningKey> keys) {
        return keys.stream().map(SigningKey::toString).toList();
    }

    @Test
    void unusableKeysAreToldWithTheirPlace() throws Exception {
        key("open.pem", "RSA", 2048, "rw-r--r--");
        key("short.pem", "RSA", 768, "rw-------");
        Files.writeString(folder.resolve("text.pem"), "hello");
        Files.setPosixFilePermissions(folder.resolve("text.pem"), PosixFilePermissions.fromString("rw-------"));

        List<Problem> problems = read("""
                domain-key:
                  - one,example.com,open.pem
                  - two,example.com,short.pem
                  - three,example.com,text.pem
                  - four,example.com,missing.pem
                domain: { "*": { dkim-sign: yes } }
                """).problems();

        assertThat(problems).hasSize(4).extracting(Problem::line).containsExactly(2, 3, 4, 5);
        assertThat(problems.get(0).toString()).contains("open.pem, which everybody may read", "chmod");
        assertThat(problems.get(1).toString()).contains("768 bits", "at least 1024 bits");
        assertThat(problems.get(2).toString()).contains("no -----BEGIN PRIVATE KEY-----").doesNotContain("hello");
        assertThat(problems.get(3).toString()).contains("missing.pem, which does not exist");
    }

    @Test
    void shortKeysAreWarnedOf() throws Exception {
        key("k.pem", "RSA", 1024, "rw-------");
        ConfigReader.Result r = read("domain-key: one,example.com,k.pem\ndomain: { x.example: { dkim-sign: yes } }\n");
        assertThat(r.good()).isTrue();
        assertThat(r.warnings()).singleElement().asString().contains("k.pem, an RSA key of 1024 bits");
    }

    @Test
    void signingNeedsAKeyAndAKeyIsThereToSign() throws Exception {
        assertThat(read("domain: { \"*\": { dkim-sign: yes } }\n").problems()).singleElement().asString()
                .contains("dkim-sign, but no domain-key");
        key("k.pem", "Ed25519", 0, "rw-------");
        assertThat(read("domain-key: one,example.com,k.pem\n").warnings()).singleElement().asString()
                .contains("domain-key, but no dkim-sign");
    }

    @Test
    void settingsAreLaidOverEachOther() throws Exception {
        key("k.pem", "Ed25519", 0, "rw-------");
        CaravanConfig c = read("""
                domain-key: one,example.com,k.pem
                virtual-mta:
                  a:
                    smtp-source-host: [ "127.0.1.1 a.example.com" ]
                    domain: { "*": { second-dkim-sign: yes, second-dkim-identity: "@ESP.example" } }
                domain:
                  "*": { dkim-sign: yes, dkim-identity: from, dkim-headers: [ Subject, "/list-.*/" ] }
                  old.example: { dkim-sign: no }
                  simple.example: { dkim-body-canon: simple, dkim-algorithm: ed25519-sha256, dkim-expire-after: 7d }
                """).config();

        assertThat(c.dkim("{default}", "old.example")).isSameAs(DkimSettings.OFF);
        DkimSettings usual = c.dkim("{default}", "any.example");
        assertThat(usual.sign()).isEqualTo(Sign.YES);
        assertThat(usual.second()).isNull();
        assertThat(c.dkim("{default}", "other.example")).isSameAs(usual);
        Signature first = usual.first();
        assertThat(first.headers().names()).containsExactlyInAnyOrder("from", "subject");
        assertThat(first.headers().holds("list-id")).isTrue();
        assertThat(first.headers().holds("received")).isFalse();
        assertThat(first.noMore()).contains("from", "reply-to", "content-type");
        assertThat(first.bodyCanon()).isEqualTo(Canonicalization.RELAXED);
        Signature simple = c.dkim("{default}", "simple.example").first();
        assertThat(simple.bodyCanon()).isEqualTo(Canonicalization.SIMPLE);
        assertThat(simple.algorithm()).isEqualTo(Algorithm.ED25519_SHA256);
        assertThat(simple.expireAfter()).isEqualTo(Duration.ofDays(7));
        Signature second = c.dkim("a", "any.example").second();
        assertThat(second.identity()).hasToString("@esp.example");
        assertThat(second.headers()).isEqualTo(SignedHeaders.USUAL);
        assertThat(c.dkim("a", "any.example").first()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "dkim-sign: maybe|if-key-present", "dkim-algorithm: rsa-sha1|RFC 8301",
            "dkim-add-body-limit: yes|anybody may add text", "dkim-identity: example.com|write @ in front",
            "dkim-headers: \"a b\"|name of a header field", "dkim-headers: /(/|RE2 syntax",
            "second-dkim-body-canon: nowsp|relaxed or simple", "dkim-disallow-adding-headers: [ \"x;y\" ]|semicolons" })
    void badValuesAreTold(String line, String says) {
        assertThat(read("domain: { \"*\": { " + line + " } }\n").problems()).singleElement().asString()
                .contains(says);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "one,example.com|three parts", "a b,example.com,k.pem|the selector",
            "one,exa mple,k.pem|the domain", "one,example.com, |three parts" })
    void badKeyLinesAreTold(String line, String says) {
        assertThat(read("domain-key: [ \"" + line + "\" ]\n").problems()).singleElement().asString().contains(says);
    }

    @Test
    void originsKnowTheDirectives() throws IOException {
        Origins origins = read("domain: { \"*\": { dkim-sign: no, dkim-headers: [ Subject, /X-.*/ ] } }\n").origins();
        assertThat(origins.queue("{default}", "a.example")).anySatisfy(v -> {
            assertThat(v.directive()).isEqualTo("dkim-headers");
            assertThat(v.value()).isEqualTo("subject, /X-.*/");
        }).anySatisfy(v -> {
            assertThat(v.directive()).isEqualTo("dkim-sign");
            assertThat(v.value()).isEqualTo("no");
        });
    }
}
