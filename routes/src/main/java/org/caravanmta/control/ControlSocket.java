package org.caravanmta.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where a gateway listens for commands: {@code <home>/control/socket}, in a folder that only its user may enter. */
final class ControlSocket {

    /** Bytes that the system takes for the path of a socket. */
    static final int MOST_BYTES = 107;

    private ControlSocket() {
    }

    /** @throws IOException the path is too long for a socket */
    static UnixDomainSocketAddress of(Path home) throws IOException {
        Path path = home.toAbsolutePath().normalize().resolve("control").resolve("socket");
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_BYTES)
            throw new IOException("the path " + path + " is too long for a socket: " + length + " bytes, at most "
                    + MOST_BYTES + "; choose a shorter --home");
        return UnixDomainSocketAddress.of(path);
    }

    /** Nobody else may enter the folder before the socket is in it. What a dead gateway left is removed. */
    static void prepare(UnixDomainSocketAddress address) throws IOException {
        Path folder = address.getPath().getParent();
        var onlyOwner = PosixFilePermissions.fromString("rwx------");
        if (Files.isDirectory(folder))
            Files.setPosixFilePermissions(folder, onlyOwner);
        else
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(onlyOwner));
        Files.deleteIfExists(address.getPath());
    }
}
