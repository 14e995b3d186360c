package org.caravanmta.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One JSON object and a line feed. */
final class JsonLine {

    static final ObjectMapper JSON = new ObjectMapper();
    /** Of a request: it names a queue and some messages. */
    static final int REQUEST_BYTES = 64 << 10;
    static final int ANSWER_BYTES = 64 << 20;

    private JsonLine() {
    }

    static void write(SocketChannel channel, JsonNode object) throws IOException {
        byte[] json = JSON.writeValueAsBytes(object);
        ByteBuffer bytes = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        while (bytes.hasRemaining())
            channel.write(bytes);
    }

    /** @throws EOFException the line is not complete */
    static ObjectNode read(SocketChannel channel, int mostBytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(8192);
        while (channel.read(part) >= 0) {
            part.flip();
            boolean whole = part.hasRemaining() && part.get(part.limit() - 1) == '\n';
            line.write(part.array(), 0, part.limit() - (whole ? 1 : 0));
            if (line.size() > mostBytes)
                throw new IOException("more than " + mostBytes + " bytes in a line");
            if (whole)
                return object(line.toByteArray());
            part.clear();
        }
        throw new EOFException("the other side has ended the connection");
    }

    private static ObjectNode object(byte[] json) throws IOException {
        return JSON.readTree(json) instanceof ObjectNode object ? object : JSON.createObjectNode();
    }
}
