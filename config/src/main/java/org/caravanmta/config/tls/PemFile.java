package org.caravanmta.config.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.pem.PemBlock;
import org.caravanmta.config.pem.UnusableFile;

/**
 * The blocks of one PEM file (RFC 7468).
 *
 * @param blocks in file order
 * @param mode   who may read and write it; empty where files have no such thing
 */
record PemFile(Path path, List<PemBlock> blocks, Set<PosixFilePermission> mode) {

    private static final int MOST_BYTES = 1 << 20;

    static PemFile read(Path path, String expected) throws UnusableFile {
        try {
            Path real = path.toRealPath();
            if (!Files.isRegularFile(real))
                throw new UnusableFile(path + ", which is no file", expected, "name a file");
            if (Files.size(real) > MOST_BYTES)
                throw new UnusableFile(path + ", a file of " + Files.size(real) + " bytes", expected,
                        "name a PEM file");
            Set<PosixFilePermission> mode = Files.getFileStore(real).supportsFileAttributeView("posix")
                    ? Files.getPosixFilePermissions(real) : Set.of();
            return new PemFile(path, PemBlock.in(text(real)), mode);
        } catch (NoSuchFileException _) {
            throw new UnusableFile(path + ", which does not exist", expected,
                    "paths are relative to the folder of this file");
        } catch (AccessDeniedException _) {
            throw new UnusableFile(path + ", which may not be read", expected,
                    "let the gateway's user read it: check owner and mode of the file and of its folders");
        } catch (IOException e) {
            throw new UnusableFile(path + ", which cannot be read (" + e.getClass().getSimpleName() + ")",
                    expected, "check the path and its links");
        }
    }

    private static String text(Path real) throws IOException {
        try (InputStream in = Files.newInputStream(real)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    static boolean isCertificate(PemBlock block) {
        return block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE");
    }

    static boolean isPrivateKey(PemBlock block) {
        return block.label().endsWith("PRIVATE KEY");
    }

    /** A file with a private key: everybody on the machine could be this server. */
    void requirePrivate() throws UnusableFile {
        if (mode.contains(PosixFilePermission.OTHERS_READ))
            throw new UnusableFile(path + ", which everybody may read", "a private key that others cannot read",
                    "chmod 640 and make the gateway's group its owner, or chmod 600");
        if (mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE))
            throw new UnusableFile(path + ", which others may write", "a private key that others cannot change",
                    "chmod 640 and make the gateway's group its owner, or chmod 600");
    }
}
