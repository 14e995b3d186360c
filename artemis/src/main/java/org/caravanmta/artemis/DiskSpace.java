package org.caravanmta.artemis;

import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether there is room for new mail. The margin keeps the journal away from a full disk, where the broker would
 * have to stop: what is in the house already is still delivered, acknowledged and recorded below the margin.
 * Looked at every second by a broker thread, read by everybody.
 */
final class DiskSpace {

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final String FULL = "disk full";

    private final Path folder;
    private final ToLongFunction<Path> usableSpace;
    private final long minFreeBytes;
    private volatile String refusal;
    private ScheduledFuture<?> watch;

    DiskSpace(Path folder, ToLongFunction<Path> usableSpace, long minFreeBytes) {
        this.folder = folder;
        this.usableSpace = usableSpace;
        this.minFreeBytes = minFreeBytes;
        look();
    }

    void watch(ScheduledExecutorService timer) {
        watch = timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    void stop() {
        if (watch != null)
            watch.cancel(false);
    }

    /** {@code disk full}, or null. */
    String refusal() {
        return refusal;
    }

    private void look() {
        long free = usableSpace.applyAsLong(folder);
        boolean full = free < minFreeBytes;
        if (full == (refusal != null))
            return;
        if (full)
            LOG.warn("{} has {} bytes free, fewer than {}: new mail is refused, deliveries go on", folder, free,
                    minFreeBytes);
        else
            LOG.info("{} has {} bytes free again: new mail is accepted", folder, free);
        refusal = full ? FULL : null;
    }
}
