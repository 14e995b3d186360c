package org.caravanmta.delivery;

import java.net.InetAddress;
import java.util.List;

import org.caravanmta.config.DomainSettings.SourceLimits;
import org.caravanmta.config.Rate;
import org.caravanmta.config.SourceValue;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.RateWindow;
import org.caravanmta.throttle.SlidingWindow;

/** What one source address uses within one queue, and may use. Owned by the VirtualMTA's event loop. */
final class SourceUse {

    private final InetAddress source;
    private final RateWindow messages;
    private final RateWindow volume;
    private final RateWindow connects;
    private int maxOpen = Integer.MAX_VALUE;
    private int open;

    /**
     * @param source null where none is bound: nothing is limited by it
     * @param queue  the page of the queue
     */
    SourceUse(InetAddress source, SourceLimits limits, LedgerPage queue) {
        this.source = source;
        LedgerPage page = queue.of(source == null ? "" : source.getHostAddress());
        this.messages = page.window("source-ip-max-msg-rate", rate(limits.maxMsgRate()));
        this.volume = page.window("source-ip-max-data-volume-rate", rate(limits.maxDataVolumeRate()));
        this.connects = page.window("source-ip-max-connect-rate", rate(limits.maxConnectRate()));
        limit(limits);
    }

    private Rate rate(List<SourceValue<Rate>> values) {
        return source == null ? Rate.UNLIMITED : SourceValue.of(values, source, Rate.UNLIMITED);
    }

    /** Other limits from now on; what was used still counts. */
    void limit(SourceLimits limits) {
        if (source == null)
            return;
        maxOpen = SourceValue.of(limits.maxSmtpOut(), source, Integer.MAX_VALUE);
        messages.limit(rate(limits.maxMsgRate()));
        volume.limit(rate(limits.maxDataVolumeRate()));
        connects.limit(rate(limits.maxConnectRate()));
    }

    boolean messageFree(int recipients, long bytes, long nowNanos) {
        return messages.free(recipients, nowNanos) && volume.free(bytes, nowNanos);
    }

    /** See {@link SlidingWindow#waitNanos}. */
    long messageWait(int recipients, long bytes, long nowNanos) {
        return Math.max(messages.waitNanos(recipients, nowNanos), volume.waitNanos(bytes, nowNanos));
    }

    void messageStarts(int recipients, long bytes) {
        messages.start(recipients);
        volume.start(bytes);
    }

    void messageEnded(int recipients, long bytes, long nowNanos) {
        messages.end(recipients, nowNanos);
        volume.end(bytes, nowNanos);
    }

    /** See {@link SlidingWindow#waitNanos}. */
    long connectWait(long nowNanos) {
        return open >= maxOpen ? SlidingWindow.NOT_BY_TIME : connects.waitNanos(1, nowNanos);
    }

    void connectStarts() {
        open++;
        connects.start(1);
    }

    void connectEnded(long nowNanos) {
        connects.end(1, nowNanos);
    }

    /** The socket is closed. */
    void closed() {
        open--;
    }

    /** After {@link #messageWait} said to wait: the directive that binds. */
    String messageBinding(int recipients, long bytes, long nowNanos) {
        return messages.waitNanos(recipients, nowNanos) >= volume.waitNanos(bytes, nowNanos) ? "source-ip-max-msg-rate"
                : "source-ip-max-data-volume-rate";
    }

    /** After {@link #connectWait} said to wait: the directive that binds. */
    String connectBinding() {
        return open >= maxOpen ? "source-ip-max-smtp-out" : "source-ip-max-connect-rate";
    }

    void close() {
        messages.close();
        volume.close();
        connects.close();
    }

    boolean unused(long nowNanos) {
        return open == 0 && messages.empty(nowNanos) && volume.empty(nowNanos) && connects.empty(nowNanos);
    }
}
