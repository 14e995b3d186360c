package org.caravanmta.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;

/** A key pair that did not exist before, and its file, which only its owner can read from the first moment on. */
record NewKey(KeyPair pair, Path file) {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] { '\n' });

    /**
     * @param rsaBits 0 makes an Ed25519 key
     * @throws java.nio.file.FileAlreadyExistsException there is a file already; it is left as it is
     */
    static NewKey write(Path file, int rsaBits) throws IOException, NoSuchAlgorithmException {
        KeyPairGenerator g = KeyPairGenerator.getInstance(rsaBits == 0 ? "Ed25519" : "RSA");
        if (rsaBits > 0)
            g.initialize(rsaBits);
        KeyPair pair = g.generateKeyPair();
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.exists(folder))
            Files.createDirectories(folder, mode(folder, "rwx------"));
        String pem = "-----BEGIN PRIVATE KEY-----\n" + LINES.encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        try (FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode(folder, "rw-------"));
                OutputStream out = Channels.newOutputStream(channel)) {
            out.write(pem.getBytes(StandardCharsets.US_ASCII));
            channel.force(true);
        }
        return new NewKey(pair, file);
    }

    private static FileAttribute<?>[] mode(Path at, String mode) {
        return at.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)) }
                : new FileAttribute<?>[0];
    }
}
