package org.caravanmta.config.dkim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.RSAKey;
import java.util.Set;

import org.caravanmta.config.pem.UnusableFile;

/** Reads private keys. What is readable to everybody on the machine, or too short (RFC 8301), is refused. */
public final class KeyFile {

    public static final int LEAST_RSA_BITS = 1024;
    public static final int GOOD_RSA_BITS = 2048;
    /** Receivers need not take longer ones (RFC 8301 §3.2). */
    public static final int MOST_RSA_BITS = 4096;

    private static final int MOST_BYTES = 64 << 10;
    private static final String EXPECTED = "a private key, RSA or Ed25519, in a PEM file";
    private static final String MODE = "chmod 640 and make the gateway's group its owner, or chmod 600";

    private KeyFile() {
    }

    /** Both halves. */
    public static KeyPair read(Path path) throws UnusableFile {
        try {
            Path real = path.toRealPath();
            if (!Files.isRegularFile(real))
                throw new UnusableFile(path + ", which is no file", EXPECTED, "name a file");
            if (Files.size(real) > MOST_BYTES)
                throw new UnusableFile(path + ", a file of " + Files.size(real) + " bytes", EXPECTED,
                        "name a key file");
            if (Files.getFileStore(real).supportsFileAttributeView("posix"))
                checkMode(path, Files.getPosixFilePermissions(real));
            return pair(path, bytes(real));
        } catch (NoSuchFileException _) {
            throw new UnusableFile(path + ", which does not exist", EXPECTED,
                    "paths are relative to the folder of this file; caravan dkim keygen makes a key");
        } catch (AccessDeniedException _) {
            throw new UnusableFile(path + ", which may not be read", EXPECTED, "check owner and mode");
        } catch (IOException e) {
            throw new UnusableFile(path + ", which cannot be read (" + e.getClass().getSimpleName() + ")", EXPECTED,
                    "check the path and its links");
        }
    }

    private static String bytes(Path real) throws IOException {
        try (InputStream in = Files.newInputStream(real)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    private static void checkMode(Path path, Set<PosixFilePermission> mode) throws UnusableFile {
        if (mode.contains(PosixFilePermission.OTHERS_READ))
            throw new UnusableFile(path + ", which everybody may read", "a key that others cannot read", MODE);
        if (mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE))
            throw new UnusableFile(path + ", which others may write", "a key that others cannot change", MODE);
    }

    private static KeyPair pair(Path path, String pem) throws UnusableFile {
        try {
            KeyPair pair = Pem.keyPair(pem);
            if (bits(pair) > 0 && bits(pair) < LEAST_RSA_BITS)
                throw new UnusableFile(path + ", an RSA key of " + bits(pair) + " bits", "at least " + LEAST_RSA_BITS
                        + " bits", "receivers ignore it (RFC 8301): make a new one with caravan dkim keygen");
            return pair;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableFile(path + ": " + e.getMessage(), EXPECTED, "caravan dkim keygen makes one");
        }
    }

    /** Length of an RSA key; 0 for others. */
    public static int bits(KeyPair pair) {
        return pair.getPrivate() instanceof RSAKey rsa ? rsa.getModulus().bitLength() : 0;
    }
}
