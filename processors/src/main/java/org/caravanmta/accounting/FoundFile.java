package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

import org.caravanmta.config.accounting.AcctFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands at the path of an accounting file at start, and how much of it stays.
 *
 * @param finishing whether it may just have been given its finished name
 */
record FoundFile(Path path, FileChannel channel, AcctFormat format, boolean finishing) {

    private static final Logger LOG = LoggerFactory.getLogger(FoundFile.class);

    /**
     * @param acknowledged length of the checkpoint; −1 when there is none
     * @return bytes to keep; 0 for a new file; −1 when the file is to be set aside whole
     */
    long keep(long acknowledged, byte[] header) throws IOException {
        long found = channel.size();
        if (acknowledged >= 0 && found >= acknowledged)
            return keepAcknowledged(acknowledged, found);
        if (acknowledged >= 0 && found == 0 && !finishing)
            LOG.warn("{} was moved away, deleted or emptied: found no record, expected {} bytes; a new one begins",
                    path,
                    acknowledged);
        else if (acknowledged >= 0 && found > 0)
            LOG.warn("{} was cut or replaced: found {} bytes, expected {}; records go on at its end", path, found,
                    acknowledged);
        if (found <= header.length && beginsLike(header, (int) found))
            return 0;
        return endsWithRecord(found) ? found : -1;
    }

    private long keepAcknowledged(long acknowledged, long found) throws IOException {
        if (acknowledged > 0 && byteBefore(acknowledged) != '\n') {
            LOG.warn("{} is another file: found no line end after {} bytes", path, acknowledged);
            return -1;
        }
        if (found > acknowledged)
            LOG.info("{}: {} bytes of an unfinished batch are written again", path, found - acknowledged);
        return acknowledged;
    }

    private byte byteBefore(long position) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, position - 1);
        return one.get(0);
    }

    /** JSON lines have no beginning of their own, but each begins in the same way. */
    boolean beginsWith(byte[] head) throws IOException {
        if (format == AcctFormat.JSON)
            return beginsLike(new byte[] { '{' }, 1);
        return channel.size() >= head.length && beginsLike(head, head.length);
    }

    private boolean beginsLike(byte[] header, int length) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(length);
        while (b.hasRemaining() && channel.read(b, b.position()) >= 0)
            continue;
        return Arrays.equals(b.array(), 0, length, header, 0, length);
    }

    private boolean endsLike(long found, byte[] end) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(end.length);
        return found >= end.length && channel.read(b, found - end.length) == end.length
                && Arrays.equals(b.array(), end);
    }

    /** From the beginning, since a line end within quotes ends no record. */
    private boolean endsWithRecord(long found) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(1 << 16);
        boolean quoted = false;
        byte last = 0;
        for (long at = 0; at < found; at += b.limit()) {
            b.clear();
            if (channel.read(b, at) < 0)
                return false;
            b.flip();
            for (int i = 0; i < b.limit(); i++) {
                last = b.get(i);
                quoted ^= last == '"';
            }
        }
        return switch (format) {
            case CSV -> !quoted && last == '\n';
            case JSON -> last == '\n';
            case XML -> last == '\n' && endsLike(found, "</record>\n".getBytes(StandardCharsets.US_ASCII));
        };
    }
}
