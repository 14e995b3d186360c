package org.caravanmta.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SignedHeaders;
import org.caravanmta.config.dkim.SigningIdentity;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.message.MessageContent;
import org.junit.jupiter.api.Test;

/** Which key signs what, and what the field says. */
class DkimSignerTest {

    private static final String MESSAGE = "From: Me <me@news.example.com>\r\nSender: post@other.example\r\n"
            + "Subject: one\r\nX-Trace: 1\r\n\r\nHello.\r\n";
    private static final PublicKey PUBLIC = SigningKeysForTests.RSA.getPublic();

    private final DkimSigner signer = new DkimSigner(CryptoProvider::jdk);

    private String sign(String message, DkimSettings settings, SigningKeys keys) throws CannotSignException {
        return sign(message, settings, keys, "mta1", null);
    }

    private String sign(String message, DkimSettings settings, SigningKeys keys, String vmta, String pool)
            throws CannotSignException {
        return sign(message, settings, keys, vmta, pool, null);
    }

    private String sign(String message, DkimSettings settings, SigningKeys keys, String vmta, String pool,
            String options) throws CannotSignException {
        return new String(signer.sign(new SigningInput(new MessageContent.Inline(RfcVectors.bytes(message)), 5_999L,
                options), settings, keys, vmta, pool), StandardCharsets.ISO_8859_1);
    }

    private static SigningKey rsa(String selector, String domain) {
        return SigningKeysForTests.key(selector, domain, SigningKeysForTests.RSA);
    }

    private static DkimSettings rsaBy(SigningIdentity identity, SigningIdentity fallback) {
        return SigningKeysForTests.settings(
                SigningKeysForTests.signature(identity, fallback, Algorithm.RSA_SHA256));
    }

    private static DkimSettings byFrom() {
        return rsaBy(SigningKeysForTests.from(), null);
    }

    @Test
    void theFirstKeyWhoseDomainIsTheIdentitysOrAParentSigns() throws Exception {
        SigningKeys keys = SigningKeysForTests.keys(rsa("a", "ample.com"), rsa("b", "x.news.example.com"),
                SigningKeysForTests.key("e", "example.com", SigningKeysForTests.ED25519), rsa("c", "example.com"),
                rsa("d", "news.example.com"));

        Map<String, String> tags = Verifier.tags(sign(MESSAGE, byFrom(), keys));

        assertThat(tags).containsEntry("s", "c").containsEntry("d", "example.com")
                .containsEntry("i", "me@news.example.com").containsEntry("t", "5").containsEntry("a", "rsa-sha256")
                .containsEntry("c", "relaxed/relaxed").containsEntry("v", "1").doesNotContainKeys("l", "x");
        assertThat(tags.keySet()).containsExactly("v", "a", "c", "d", "s", "i", "t", "h", "bh", "b");
    }

    @Test
    void aKeyOfEveryDomainSignsInTheNameOfTheIdentitys() throws Exception {
        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), SigningKeysForTests.keys(rsa("any", "*")))))
                .containsEntry("d", "news.example.com");
    }

    @Test
    void keysOfTheVirtualMtaComeBeforeThoseOfItsPoolAndThoseBeforeTheGlobalOnes() throws Exception {
        SigningKeys keys = new SigningKeys(List.of(rsa("global", "example.com")),
                Map.of("mta1", List.of(rsa("own", "news.example.com"))),
                Map.of("pool1", List.of(rsa("pool", "example.com"))));

        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), keys, "mta1", "pool1"))).containsEntry("s", "own");
        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), keys, "mta2", "pool1"))).containsEntry("s", "pool");
        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), keys, "mta2", null))).containsEntry("s", "global");
    }

    @Test
    void senderComesBeforeFromWhereSoConfigured() throws Exception {
        SigningKeys keys = SigningKeysForTests.keys(rsa("k", "example.com"), rsa("o", "other.example"));
        DkimSettings settings = rsaBy(new SigningIdentity(SigningIdentity.Kind.SENDER_OR_FROM, "", null), null);

        assertThat(Verifier.tags(sign(MESSAGE, settings, keys))).containsEntry("i", "post@other.example");
        assertThat(Verifier.tags(sign(MESSAGE.replace("Sender", "X-Sender"), settings, keys)))
                .containsEntry("i", "me@news.example.com");
    }

    @Test
    void withoutAKeyTheFallbackIsTakenAndWithoutThatTheMessageMustNotGo() throws Exception {
        SigningKeys keys = SigningKeysForTests.keys(rsa("esp", "esp.example"));

        assertThat(Verifier.tags(sign(MESSAGE,
                rsaBy(SigningKeysForTests.from(), SigningIdentity.fixed("", "esp.example")), keys)))
                .containsEntry("i", "@esp.example").containsEntry("d", "esp.example");
        assertThatThrownBy(() -> sign(MESSAGE, byFrom(), keys)).isInstanceOf(CannotSignException.class)
                .hasMessage("no rsa-sha256 key for me@news.example.com through mta1");
        assertThatThrownBy(() -> sign("Subject: x\r\n\r\n", byFrom(), keys)).isInstanceOf(CannotSignException.class)
                .hasMessage("no address to sign for (from)");
        DkimSettings ifKey = new DkimSettings(Sign.IF_KEY_PRESENT, byFrom().first(), null);
        assertThat(sign(MESSAGE, ifKey, keys)).isEmpty();
        assertThat(sign(MESSAGE, DkimSettings.OFF, keys)).isEmpty();
    }

    /** The second half of the stream would fail. */
    @Test
    void aBodyHashThatIsKnownIsNotComputedAgain() throws Exception {
        byte[] header = RfcVectors.bytes(MESSAGE.substring(0, MESSAGE.indexOf("\r\n\r\n") + 4));
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(RfcVectors.bytes("Hello.\r\n"), 0, 8);
        MessageContent content = new MessageContent.Streamed(1 << 20, () -> new ByteArrayInputStream(header),
                hash.finish());

        String field = new String(signer.sign(new SigningInput(content, 0, null), byFrom(),
                SigningKeysForTests.keys(rsa("k", "example.com")), "mta1", null), StandardCharsets.ISO_8859_1);

        assertThat(valid(field + MESSAGE)).isTrue();
    }

    @Test
    void aMessageMayAskForKeyAndIdentity() throws Exception {
        SigningKeys keys = SigningKeysForTests.keys(rsa("a", "example.com"), rsa("b", "example.com"),
                rsa("c", "other.example"));

        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), keys, "mta1", null, "s=b"))).containsEntry("s", "b")
                .containsEntry("i", "me@news.example.com");
        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), keys, "mta1", null, "d=Other.Example; q=dns/txt;")))
                .containsEntry("s", "c").containsEntry("i", "@other.example");
        assertThat(Verifier.tags(sign(MESSAGE, byFrom(), keys, "mta1", null, "i=@sub.other.example")))
                .containsEntry("d", "other.example").containsEntry("i", "@sub.other.example");
        for (String vain : List.of("s=c", "d=other.example; s=a", "i=x@third.example",
                "d=example.com; i=x@other.example"))
            assertThatThrownBy(() -> sign(MESSAGE, byFrom(), keys, "mta1", null, vain)).as(vain)
                    .isInstanceOf(CannotSignException.class)
                    .satisfies(e -> assertThat(((CannotSignException) e).wish()).isFalse());
        for (String odd : List.of("key-list=x", "hello", "i=x", "q=http", "d=a b", "d=", "i=x@\u0001"))
            assertThatThrownBy(() -> sign(MESSAGE, byFrom(), keys, "mta1", null, odd)).as(odd)
                    .isInstanceOf(CannotSignException.class)
                    .satisfies(e -> assertThat(((CannotSignException) e).wish()).isTrue());
        DkimSettings ifAsked = new DkimSettings(Sign.IF_X_DKIM_OPTIONS_PRESENT, byFrom().first(), null);
        assertThat(sign(MESSAGE, ifAsked, keys)).isEmpty();
        assertThat(sign(MESSAGE, ifAsked, keys, "mta1", null, "s=a")).isNotEmpty();
    }

    @Test
    void nothingOfWhatIsNamedOnceMoreCanBeAdded() throws Exception {
        SigningKeys keys = SigningKeysForTests.keys(rsa("k", "example.com"));
        String field = sign(MESSAGE, byFrom(), keys);

        assertThat(Verifier.tags(field).get("h").replaceAll("\\s", ""))
                .isEqualTo("from:from:sender:subject:subject:to:date");
        assertThat(valid(field + MESSAGE)).isTrue();
        assertThat(valid(field + "X-Other: 1\r\n" + MESSAGE)).isTrue();
        for (String added : List.of("From: evil@example.com", "Subject: evil", "To: x@example.com", "Date: now"))
            for (String with : List.of(field + added + "\r\n" + MESSAGE, added + "\r\n" + field + MESSAGE,
                    field + MESSAGE.replaceFirst("\r\n\r\n", "\r\n" + added + "\r\n\r\n")))
                assertThat(valid(with)).as(added).isFalse();
    }

    @Test
    void ofEqualFieldsTheLastOneComesFirst() throws Exception {
        String twice = MESSAGE.replace("X-Trace: 1", "Subject: two");
        String field = sign(twice, byFrom(), SigningKeysForTests.keys(rsa("k", "example.com")));

        assertThat(Verifier.tags(field).get("h").replaceAll("\\s", "")).contains("subject:subject:subject");
        assertThat(valid(field + twice)).isTrue();
        assertThat(valid(field + twice.replace("Subject: one", "Subject: x").replace("Subject: two", "Subject: one")))
                .isFalse();
    }

    @Test
    void twoSignaturesWithTwoAlgorithms() throws Exception {
        SigningKeys keys = SigningKeysForTests.keys(rsa("r", "example.com"),
                SigningKeysForTests.key("e", "example.com", SigningKeysForTests.ED25519));
        Signature second = SigningKeysForTests.signature(SigningIdentity.fixed("", "example.com"), null,
                Algorithm.ED25519_SHA256);

        String signed = sign(MESSAGE, new DkimSettings(Sign.YES, byFrom().first(), second), keys) + MESSAGE;

        Verifier v = new Verifier(RfcVectors.bytes(signed));
        assertThat(v.signatures()).hasSize(2);
        assertThat(v.valid(v.signatures().get(0), PUBLIC)).isTrue();
        assertThat(v.valid(v.signatures().get(1), SigningKeysForTests.ED25519.getPublic())).isTrue();
    }

    @Test
    void onlyEd25519OfTheFastProviderIsQuick() {
        Signature ed = SigningKeysForTests.signature(SigningKeysForTests.from(), null, Algorithm.ED25519_SHA256);
        DkimSigner fast = new DkimSigner(CryptoProvider::fastest);
        assertThat(fast.quick(SigningKeysForTests.settings(ed))).isTrue();
        assertThat(fast.quick(byFrom())).isFalse();
        assertThat(fast.quick(new DkimSettings(Sign.YES, ed, byFrom().first()))).isFalse();
        assertThat(signer.quick(SigningKeysForTests.settings(ed))).isFalse();
    }

    @Test
    void signaturesExpireWhereSoConfigured() throws Exception {
        Signature s = new Signature(SigningKeysForTests.from(), null, SignedHeaders.USUAL, List.of(),
                Algorithm.RSA_SHA256, Canonicalization.SIMPLE, Canonicalization.RELAXED, false, Duration.ofHours(1));
        Map<String, String> tags = Verifier.tags(sign(MESSAGE, SigningKeysForTests.settings(s),
                SigningKeysForTests.keys(rsa("k", "example.com"))));
        assertThat(tags).containsEntry("x", "3605").containsEntry("c", "simple/relaxed").doesNotContainKey("t");
        assertThat(tags.get("h")).isEqualTo("from:sender:subject");
    }

    @Test
    void linesOfTheFieldStayShortAndAreAscii() throws Exception {
        String odd = "From: =?utf-8?q?x?= <\"j\u00fcrgen; a=b\"@" + "long-label.".repeat(12) + "example.com>\r\n\r\n";
        String field = sign(odd, byFrom(), SigningKeysForTests.keys(rsa("s", "example.com")));
        assertThat(field).matches("[\\x20-\\x7e\r\n\t]+").endsWith("\r\n");
        assertThat(field.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(250);
        String usual = sign(MESSAGE, byFrom(), SigningKeysForTests.keys(rsa("s", "example.com")));
        assertThat(usual.lines().mapToInt(String::length).max().orElseThrow()).isLessThanOrEqualTo(78);
        assertThat(Verifier.tags(usual).get("b").lines()).hasSizeGreaterThan(1);
    }

    private static boolean valid(String signed) {
        Verifier v = new Verifier(RfcVectors.bytes(signed));
        return v.valid(v.signatures().getFirst(), PUBLIC);
    }
}
