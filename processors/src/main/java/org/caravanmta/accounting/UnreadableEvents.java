package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the events go that cannot be decoded: as one line each into {@code NAME.unreadable} beside the accounting file,
 * so that their neighbours flow and nothing is lost. Written by the exporter's thread; counted for any thread.
 */
final class UnreadableEvents {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableEvents.class);

    private final String reader;
    private final Path path;
    private final AtomicLong count = new AtomicLong();
    private long acknowledged;
    /** By number, since the last acknowledgement. */
    private final Map<Long, byte[]> setAside = new HashMap<>();

    /** @param place of {@code NAME.unreadable}: beside a file of this name */
    UnreadableEvents(String reader, Path place) {
        this.reader = reader;
        this.path = place.resolveSibling(place.getFileName() + ".unreadable");
    }

    /**
     * An event that comes again, because its batch could not be acknowledged, is set aside once.
     *
     * @param place  of the event in its batch, from 1
     * @param reason without anything from the event
     */
    void setAside(byte[] event, int place, String reason) throws IOException {
        long number = acknowledged + place;
        if (Arrays.equals(setAside.get(number), event))
            return;
        String line = "time=" + Instant.now() + " reader=" + reader + " event=" + number + " bytes="
                + HexFormat.of().formatHex(event) + "\n";
        ByteBuffer b = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
        try (FileChannel c = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long before = c.size();
            long at = before;
            try {
                while (b.hasRemaining())
                    at += c.write(b, at);
                c.force(false);
            } catch (IOException e) {
                c.truncate(before);
                throw e;
            }
        }
        setAside.put(number, event);
        count.incrementAndGet();
        LOG.error("ALARM: event {} of accounting reader {} since the start cannot be read: {}; it is kept in {}",
                number,
                reader, reason, path);
    }

    /** So many events more are done; numbers go on behind them. */
    void acknowledged(int events) {
        acknowledged += events;
        setAside.clear();
    }

    long count() {
        return count.get();
    }
}
