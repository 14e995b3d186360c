package org.caravanmta.delivery;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.Rate;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.RampUp;
import org.caravanmta.throttle.RateWindow;
import org.caravanmta.throttle.SlidingWindow;

/**
 * The limits by time of one queue {@code destination/vmta}: what was used of them, whether a message or a connection may
 * start now, and which one binds. Owned by the VirtualMTA's event loop.
 */
final class QueueLimits {

    private final LedgerPage page;
    private final RateWindow messages;
    private final RateWindow volume;
    private final RateWindow connects;
    private final Map<InetAddress, SourceUse> sources = new HashMap<>(2);
    private final RampUp rampUp = new RampUp();
    private DomainSettings settings;
    private String binding;

    QueueLimits(DomainSettings settings, LedgerPage page) {
        this.settings = settings;
        this.page = page;
        this.messages = page.window("max-msg-rate", settings.maxMsgRate());
        this.volume = page.window("max-data-volume-rate", settings.limits().maxDataVolumeRate());
        this.connects = page.window("max-connect-rate", settings.limits().maxConnectRate());
    }

    /** New settings: what was used under the old ones still counts. */
    void settings(DomainSettings now) {
        settings = now;
        messages.limit(now.maxMsgRate());
        volume.limit(now.limits().maxDataVolumeRate());
        connects.limit(now.limits().maxConnectRate());
        sources.values().forEach(s -> s.limit(now.limits().perSource()));
    }

    /** Whether source addresses have limits of their own. */
    boolean perSource() {
        return !settings.limits().perSource().none();
    }

    /** @param source null where none is bound */
    SourceUse source(InetAddress source) {
        SourceUse use = sources.get(source);
        if (use == null) {
            use = new SourceUse(source, settings.limits().perSource(), page);
            sources.put(source, use);
        }
        return use;
    }

    /** Whether a message to {@code recipients} with {@code bytes} of data may start now. */
    boolean messageFree(int recipients, long bytes, long nowNanos) {
        return messages.free(recipients, nowNanos) && volume.free(bytes, nowNanos);
    }

    /** After {@link #messageFree} said no: how long, see {@link SlidingWindow#waitNanos}. */
    long messageWait(int recipients, long bytes, long nowNanos) {
        long rate = messages.waitNanos(recipients, nowNanos);
        long data = volume.waitNanos(bytes, nowNanos);
        binding = rate >= data ? "max-msg-rate" : "max-data-volume-rate";
        return Math.max(rate, data);
    }

    void messageStarts(int recipients, long bytes) {
        binding = null;
        messages.start(recipients);
        volume.start(bytes);
    }

    void messageEnded(int recipients, long bytes, long nowNanos) {
        messages.end(recipients, nowNanos);
        volume.end(bytes, nowNanos);
    }

    /** Recipients that may be under way at the same time. */
    int messagesAtOnce(int wanted) {
        return messages.rate().unlimited() ? wanted : (int) Math.min(wanted, messages.rate().count());
    }

    /** Whether fewer than so many recipients may go within a second. */
    boolean slowerThan(int recipients) {
        Rate r = messages.rate();
        return !r.unlimited() && recipients > r.count() / Math.max(1, r.per().toSeconds());
    }

    /** Connections the queue may have now, of {@code max}. */
    int connectionsAllowed(int max, long nowNanos) {
        return rampUp.allowed(settings.limits().smtpOutRampupInterval(), max, nowNanos);
    }

    /** After {@link #connectionsAllowed} said less than the most: how long until one more is. */
    long rampUpWait(long nowNanos) {
        binding = "smtp-out-rampup-interval";
        return rampUp.waitNanos(settings.limits().smtpOutRampupInterval(), nowNanos);
    }

    /** 0 when a connection may be tried now, else how long, see {@link SlidingWindow#waitNanos}. */
    long connectWait(long nowNanos) {
        long wait = connects.waitNanos(1, nowNanos);
        if (wait > 0)
            binding = "max-connect-rate";
        return wait;
    }

    void connectStarts() {
        connects.start(1);
    }

    /** @param opened the peer greeted us; otherwise the attempt failed */
    void connectEnded(boolean opened, long nowNanos) {
        connects.end(1, nowNanos);
        if (opened)
            rampUp.opened(nowNanos);
    }

    void noConnection() {
        rampUp.allClosed();
    }

    void heldBy(String directive) {
        binding = directive;
    }

    /** The directive that held the last message or connection up; null when nothing does. */
    String binding() {
        return binding;
    }

    /** The limits by time that there are, and what is used of them. */
    List<QueueReport.Window> report(long nowNanos) {
        List<QueueReport.Window> list = new ArrayList<>();
        add(list, "max-msg-rate", messages, nowNanos);
        add(list, "max-data-volume-rate", volume, nowNanos);
        add(list, "max-connect-rate", connects, nowNanos);
        return list;
    }

    private static void add(List<QueueReport.Window> list, String directive, RateWindow window, long nowNanos) {
        Rate rate = window.rate();
        if (!rate.unlimited())
            list.add(new QueueReport.Window(directive, window.used(nowNanos), rate.count(), rate.per().toMillis()));
    }

    /** The queue is gone for now; what it used still counts. */
    void close() {
        messages.close();
        volume.close();
        connects.close();
        sources.values().forEach(SourceUse::close);
    }

    /** Nothing was used that still counts. */
    boolean unused(long nowNanos) {
        return messages.empty(nowNanos) && volume.empty(nowNanos) && connects.empty(nowNanos)
                && sources.values().stream().allMatch(s -> s.unused(nowNanos));
    }
}
