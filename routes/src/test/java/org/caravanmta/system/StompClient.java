package org.caravanmta.system;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Says frames of STOMP 1.2 and reads those that come back. */
final class StompClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    StompClient(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void say(String command, String headers, String body) throws IOException {
        socket.getOutputStream()
                .write((command + "\n" + headers + "\n" + body + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** The next frame as it is. */
    String hear() throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int c; (c = in.read()) > 0;)
            if (frame.size() > 0 || c != '\n')
                frame.write(c);
        return frame.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
