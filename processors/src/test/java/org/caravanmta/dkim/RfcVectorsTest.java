package org.caravanmta.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.KeyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the RFCs print. */
class RfcVectorsTest {

    @TempDir
    Path folder;

    static Stream<CryptoProvider> providers() {
        return Stream.of(CryptoProvider.jdk(), CryptoProvider.fastest());
    }

    @Test
    void theFastProviderIsThere() {
        assertThat(CryptoProvider.fastest()).asString().startsWith("AmazonCorretto");
    }

    @Test
    void theVerifierOfTheseTestsTakesTheMessagesOfTheRfcs() throws Exception {
        Verifier both = new Verifier(RfcVectors.bytes(
                RfcVectors.RFC8463_ED25519 + RfcVectors.RFC8463_RSA + RfcVectors.PLAIN));
        assertThat(both.valid(both.signatures().get(0), RfcVectors.ed25519(RfcVectors.ED25519_PUBLIC))).isTrue();
        assertThat(both.valid(both.signatures().get(1), RfcVectors.rsa(RfcVectors.RSA_PUBLIC))).isTrue();
        Verifier simple = new Verifier(RfcVectors.bytes(RfcVectors.RFC6376));
        assertThat(simple.valid(simple.signatures().getFirst(), RfcVectors.rsa(RfcVectors.RFC6376_PUBLIC))).isTrue();
        Verifier changed = new Verifier(RfcVectors.bytes(RfcVectors.RFC6376.replace("hungry", "thirsty")));
        assertThat(changed.valid(changed.signatures().getFirst(), RfcVectors.rsa(RfcVectors.RFC6376_PUBLIC)))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void signaturesAreThoseOfRfc8463ToTheLastBit(CryptoProvider crypto) throws Exception {
        KeyPair ed25519 = read(RfcVectors.ed25519Pem(RfcVectors.ED25519_SEED));
        KeyPair rsa = read(RfcVectors.RSA_PRIVATE);
        assertThat(ed25519.getPublic()).isEqualTo(RfcVectors.ed25519(RfcVectors.ED25519_PUBLIC));
        assertThat(rsa.getPublic()).isEqualTo(RfcVectors.rsa(RfcVectors.RSA_PUBLIC));

        assertThat(signature(RfcVectors.RFC8463_ED25519, crypto.signer(ed25519.getPrivate())))
                .isEqualTo(Verifier.tags(RfcVectors.RFC8463_ED25519).get("b").replaceAll("\\s", ""));
        assertThat(signature(RfcVectors.RFC8463_RSA, crypto.signer(rsa.getPrivate())))
                .isEqualTo(Verifier.tags(RfcVectors.RFC8463_RSA).get("b").replaceAll("\\s", ""));
    }

    /** Our canonical header and their field. */
    private static String signature(String field, Signer signer) throws Exception {
        byte[] message = RfcVectors.bytes(RfcVectors.PLAIN);
        ByteText header = new ByteText(100);
        int from = 0;
        for (String line : List.of("From", "To", "Subject", "Date", "Message-ID")) {
            int end = RfcVectors.PLAIN.indexOf("\r\n", from) + 2;
            assertThat(RfcVectors.PLAIN.substring(from)).startsWith(line);
            CanonicalField.append(Canonicalization.RELAXED, message, from, from + line.length(), end, header);
            from = end;
        }
        byte[] unsigned = RfcVectors.bytes(field.substring(0, field.indexOf(" b=") + 3));
        CanonicalField.append(Canonicalization.RELAXED, unsigned, 0, "DKIM-Signature".length(), unsigned.length,
                header);
        return Base64.getEncoder().encodeToString(signer.sign(header.array(), header.length()));
    }

    /** RFC 6376 §3.4.5. */
    @ParameterizedTest
    @CsvSource({ "RELAXED, ' C_D E'", "SIMPLE, ' C _D|\t E'" })
    void bodiesOfRfc6376(Canonicalization canonicalization, String expected) {
        String body = " C \r\nD \t E\r\n\r\n\r\n";
        String canonical = expected.replace("|", " ").replace("_", "\r\n") + "\r\n";

        assertThat(hash(canonicalization, body)).isEqualTo(Digests.sha256().digest(RfcVectors.bytes(canonical)));
    }

    /** RFC 6376 §3.4.3 and §3.4.4 print the hashes. */
    @Test
    void emptyBodies() {
        assertThat(Base64.getEncoder().encodeToString(hash(Canonicalization.SIMPLE, "")))
                .isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
        assertThat(Base64.getEncoder().encodeToString(hash(Canonicalization.RELAXED, "")))
                .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    /** RFC 6376 §3.4.5. */
    @Test
    void fieldsOfRfc6376() {
        Map<String, String> relaxed = Map.of("A: X\r\n", "a:X\r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n");
        relaxed.forEach((field, expected) -> {
            byte[] a = RfcVectors.bytes(field);
            ByteText canonical = new ByteText(1);
            CanonicalField.append(Canonicalization.RELAXED, a, 0, 1, a.length, canonical);
            assertThat(new String(canonical.array(), 0, canonical.length(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(expected);
        });
    }

    private static byte[] hash(Canonicalization canonicalization, String body) {
        BodyHash hash = new BodyHash(canonicalization);
        hash.update(RfcVectors.bytes(body), 0, body.length());
        return hash.finish();
    }

    private KeyPair read(String pem) throws Exception {
        Path file = Files.createTempFile(folder, "key", ".pem",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return KeyFile.read(Files.writeString(file, pem));
    }
}
