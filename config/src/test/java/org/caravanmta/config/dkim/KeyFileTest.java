package org.caravanmta.config.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;

import org.caravanmta.config.pem.UnusableFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    @TempDir
    Path folder;

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
        if (bits > 0)
            g.initialize(bits);
        return g.generateKeyPair();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private Path write(String text, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("key.pem"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @ParameterizedTest
    @CsvSource({ "RSA, 1024", "RSA, 2048", "Ed25519, 0" })
    void pkcs8(String algorithm, int bits) throws Exception {
        KeyPair pair = pair(algorithm, bits);
        KeyPair read = KeyFile.read(write("a comment\n" + pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
                "rw-------"));
        assertThat(read.getPrivate()).isEqualTo(pair.getPrivate());
        assertThat(read.getPublic()).isEqualTo(pair.getPublic());
        assertThat(KeyFile.bits(read)).isEqualTo(bits);
    }

    /** What {@code openssl genrsa -traditional} writes: behind 26 bytes of PKCS #8, for a key of 2048 bits. */
    @Test
    void pkcs1() throws Exception {
        KeyPair pair = pair("RSA", 2048);
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        KeyPair read = KeyFile.read(write(pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length)),
                "rw-r-----"));
        assertThat(read.getPrivate()).isInstanceOf(RSAPrivateCrtKey.class).isEqualTo(pair.getPrivate());
    }

    @ParameterizedTest
    @CsvSource({ "rw-r--r--, which everybody may read", "rw----r--, which everybody may read",
            "rw-rw----, which others may write", "rw-----w-, which others may write" })
    void whatOthersCouldReadOrChangeIsRefused(String mode, String why) throws Exception {
        Path file = write(pem("PRIVATE KEY", pair("Ed25519", 0).getPrivate().getEncoded()), mode);
        assertThatThrownBy(() -> KeyFile.read(file)).isInstanceOf(UnusableFile.class).hasMessageContaining(why);
        Path link = Files.createSymbolicLink(folder.resolve("link.pem"), file);
        assertThatThrownBy(() -> KeyFile.read(link)).isInstanceOf(UnusableFile.class).hasMessageContaining(why);
    }

    @Test
    void shortRsaKeysAreRefused() throws Exception {
        Path file = write(pem("PRIVATE KEY", pair("RSA", 768).getPrivate().getEncoded()), "rw-------");
        assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining("an RSA key of 768 bits")
                .hasMessageContaining("at least 1024 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "hello", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END "
            + "PUBLIC KEY-----", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n!!!A\n-----END PRIVATE KEY-----",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nAAAA\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----" })
    void anythingElseIsToldWithoutItsContent(String text) throws Exception {
        Path file = write(text, "rw-------");
        assertThatThrownBy(() -> KeyFile.read(file)).isInstanceOf(UnusableFile.class)
                .hasMessageStartingWith("found " + file).hasMessageNotContaining("AAAA");
    }

    @Test
    void whatIsNotThere() {
        assertThatThrownBy(() -> KeyFile.read(folder.resolve("no.pem"))).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> KeyFile.read(folder)).hasMessageContaining("which is no file");
    }

    @Test
    void aKeyNeverShowsItself() throws Exception {
        KeyPair pair = pair("RSA", 1024);
        assertThat(new SigningKey("s", "example.com", "k.pem", pair.getPrivate(), pair.getPublic()))
                .hasToString("s,example.com,k.pem");
    }
}
