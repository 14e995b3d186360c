package org.caravanmta.config.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of one PEM file (RFC 7468).
 *
 * @param blocks in file order
 * @param mode   who may read and write it; empty where files have no such thing
 */
record PemFile(Path path, List<Part> blocks, Set<PosixFilePermission> mode) {

    /** @param label the words behind {@code BEGIN} */
    record Part(String label, String text) {

        boolean certificate() {
            return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
        }

        boolean privateKey() {
            return label.endsWith("PRIVATE KEY");
        }
    }

    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern BLOCK = Pattern
            .compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

    static PemFile read(Path path, String expected) throws UnusableCertificate {
        try {
            Path real = path.toRealPath();
            if (!Files.isRegularFile(real))
                throw new UnusableCertificate(path + ", which is no file", expected, "name a file");
            if (Files.size(real) > MOST_BYTES)
                throw new UnusableCertificate(path + ", a file of " + Files.size(real) + " bytes", expected,
                        "name a PEM file");
            Set<PosixFilePermission> mode = Files.getFileStore(real).supportsFileAttributeView("posix")
                    ? Files.getPosixFilePermissions(real) : Set.of();
            return new PemFile(path, blocks(text(real)), mode);
        } catch (NoSuchFileException _) {
            throw new UnusableCertificate(path + ", which does not exist", expected,
                    "paths are relative to the folder of this file");
        } catch (AccessDeniedException _) {
            throw new UnusableCertificate(path + ", which may not be read", expected,
                    "let the gateway's user read it: check owner and mode of the file and of its folders");
        } catch (IOException e) {
            throw new UnusableCertificate(path + ", which cannot be read (" + e.getClass().getSimpleName() + ")",
                    expected, "check the path and its links");
        }
    }

    private static String text(Path real) throws IOException {
        try (InputStream in = Files.newInputStream(real)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<Part> blocks(String text) {
        List<Part> blocks = new ArrayList<>();
        Matcher m = BLOCK.matcher(text);
        while (m.find())
            blocks.add(new Part(m.group(1), m.group(2)));
        return List.copyOf(blocks);
    }

    /** The bytes of a block; its Base64 is broken: null. */
    static byte[] decode(Part part) {
        try {
            return Base64.getMimeDecoder().decode(part.text());
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** A file with a private key: everybody on the machine could be this server. */
    void requirePrivate() throws UnusableCertificate {
        if (mode.contains(PosixFilePermission.OTHERS_READ))
            throw new UnusableCertificate(path + ", which everybody may read", "a private key that others cannot read",
                    "chmod 640 and make the gateway's group its owner, or chmod 600");
        if (mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE))
            throw new UnusableCertificate(path + ", which others may write", "a private key that others cannot change",
                    "chmod 640 and make the gateway's group its owner, or chmod 600");
    }
}
