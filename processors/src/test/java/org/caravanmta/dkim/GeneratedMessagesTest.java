package org.caravanmta.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SignedHeaders;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.message.MessageContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 1,000 messages, each pair of canonicalizations, both algorithms. */
class GeneratedMessagesTest {

    private static final SigningKeys KEYS = SigningKeysForTests.keys(
            SigningKeysForTests.key("rsa", "example.com", SigningKeysForTests.RSA),
            SigningKeysForTests.key("ed", "example.com", SigningKeysForTests.ED25519));

    @ParameterizedTest
    @EnumSource
    void everySignatureIsValidAndDiesWithTheSmallestChange(Algorithm algorithm) throws Exception {
        DkimSigner signer = new DkimSigner(CryptoProvider::fastest);
        KeyPair pair = algorithm == Algorithm.RSA_SHA256 ? SigningKeysForTests.RSA : SigningKeysForTests.ED25519;
        GeneratedMessages messages = new GeneratedMessages(8463);
        for (int i = 0; i < 1000; i++) {
            byte[] message = messages.next();
            MessageContent content = i % 2 == 0 ? new MessageContent.Inline(message)
                    : new MessageContent.Streamed(message.length, () -> new ByteArrayInputStream(message));
            for (Canonicalization header : Canonicalization.values())
                for (Canonicalization body : Canonicalization.values()) {
                    byte[] field = signer.sign(new SigningInput(content, 1_700_000_000_000L, null),
                            settings(algorithm, header, body), KEYS, "mta1", null);
                    byte[] signed = concat(field, message);
                    Verifier v = new Verifier(signed);
                    assertThat(v.valid(v.signatures().getFirst(), pair.getPublic()))
                            .as("message %d, %s/%s", i, header, body).isTrue();
                    signed[field.length + "From: ".length()]++; // the sender is signed always
                    Verifier changed = new Verifier(signed);
                    assertThat(changed.valid(changed.signatures().getFirst(), pair.getPublic())).isFalse();
                }
        }
    }

    /** Parts may be cut anywhere, within CRLF and blanks too. */
    @ParameterizedTest
    @EnumSource
    void aBodyHashDoesNotDependOnTheParts(Canonicalization canonicalization) {
        GeneratedMessages messages = new GeneratedMessages(1);
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            byte[] body = messages.next();
            BodyHash whole = new BodyHash(canonicalization);
            whole.update(body, 0, body.length);
            BodyHash parts = new BodyHash(canonicalization);
            for (int at = 0; at < body.length;) {
                int to = Math.min(body.length, at + 1 + random.nextInt(random.nextBoolean() ? 3 : 50));
                parts.update(body, at, to);
                at = to;
            }
            String text = new String(body, StandardCharsets.ISO_8859_1);
            String canonical = canonicalization == Canonicalization.RELAXED ? Verifier.relaxedBody(text)
                    : Verifier.simpleBody(text);
            byte[] expected = Digests.sha256().digest(RfcVectors.bytes(canonical));
            assertThat(whole.finish()).isEqualTo(expected);
            assertThat(parts.finish()).isEqualTo(expected);
        }
    }

    @Test
    void bodiesLargerThanAllBuffers() {
        String line = "word \t word  word \r\n";
        byte[] body = RfcVectors.bytes(line.repeat(5_000) + "x".repeat(100_000) + "\r\n".repeat(20_000) + ".\r\n");
        for (Canonicalization c : Canonicalization.values()) {
            BodyHash hash = new BodyHash(c);
            hash.update(body, 0, body.length);
            String text = new String(body, StandardCharsets.ISO_8859_1);
            assertThat(hash.finish()).isEqualTo(Digests.sha256().digest(RfcVectors
                    .bytes(c == Canonicalization.RELAXED ? Verifier.relaxedBody(text) : Verifier.simpleBody(text))));
        }
    }

    private static DkimSettings settings(Algorithm algorithm, Canonicalization header, Canonicalization body) {
        return new DkimSettings(Sign.YES, new Signature(SigningKeysForTests.from(), null, SignedHeaders.USUAL,
                List.of("from", "to", "subject", "date", "reply-to", "mime-version", "content-type",
                        "content-transfer-encoding"),
                algorithm, header, body, true, Duration.ofDays(7)), null);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
