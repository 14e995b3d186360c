package org.caravanmta.smtp.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** Replies of one batch of pipelined commands, to be written to the socket together. Event loop only. */
final class ReplyBuffer {

    private final ByteBufAllocator allocator;
    private ByteBuf bytes;

    ReplyBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    void add(byte[] reply) {
        if (bytes == null)
            bytes = allocator.ioBuffer(256);
        bytes.writeBytes(reply);
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** What was added since the last call; the caller releases it. */
    ByteBuf take() {
        ByteBuf taken = bytes == null ? Unpooled.EMPTY_BUFFER : bytes;
        bytes = null;
        return taken;
    }
}
