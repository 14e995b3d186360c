package org.caravanmta.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Asks the gateway that runs with a home. */
public final class ControlClient {

    private ControlClient() {
    }

    /**
     * Blocks until it has answered.
     *
     * @throws IOException no gateway answers there; in words for the operator
     */
    public static ObjectNode ask(Path home, ObjectNode request) throws IOException {
        UnixDomainSocketAddress address = ControlSocket.of(home);
        Path folder = address.getPath().getParent();
        if (Files.exists(folder) && !Files.isExecutable(folder))
            throw new IOException(
                    folder + " may not be entered: run the command as " + Files.getOwner(folder).getName());
        try (SocketChannel channel = SocketChannel.open(address)) {
            JsonLine.write(channel, request);
            return JsonLine.read(channel, JsonLine.ANSWER_BYTES);
        } catch (EOFException e) {
            throw new IOException("the gateway ended before it answered", e);
        } catch (ConnectException e) {
            throw new IOException("no gateway runs with the home " + home + "; --home says which one is meant", e);
        } catch (IOException e) {
            if (!Files.exists(address.getPath()))
                throw new IOException("no gateway runs with the home " + home + "; --home says which one is meant", e);
            throw e;
        }
    }
}
