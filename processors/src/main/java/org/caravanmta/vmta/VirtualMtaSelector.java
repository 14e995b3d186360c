package org.caravanmta.vmta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.PatternList;
import org.caravanmta.config.Source;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.vmta.Selection.Chosen;

/**
 * The one precedence of VirtualMTA choice, first match wins:
 * <ol>
 * <li>what the way in chose ({@link SubmittedMessage#virtualMta()});
 * <li>the header {@code x-virtual-mta}, where the source allows it;
 * <li>the source's {@code pattern-list};
 * <li>the source's {@code default-virtual-mta}: the listener's own source before the client address's, which
 * {@link org.caravanmta.config.Sources} has already laid over each other;
 * <li>{@code {default}}.
 * </ol>
 * The first two are the client's wish: an unknown name is refused or replaced, and the source must be allowed to use
 * it. The others are the operator's words. Any thread; where no pool and no pattern is involved nothing is locked and
 * nothing allocated.
 */
public final class VirtualMtaSelector {

    private final Supplier<CaravanConfig> config;
    private final MemberAvailability availability;
    private volatile Ways ways;

    /** @param config the current snapshot; asked for each message */
    public VirtualMtaSelector(Supplier<CaravanConfig> config, MemberAvailability availability) {
        this.config = config;
        this.availability = availability;
    }

    public Selection select(SubmittedMessage message) {
        Ways now = ways();
        String wanted = message.virtualMta() != null ? message.virtualMta() : message.xVirtualMta();
        if (wanted != null)
            return wanted(message, wanted, now);
        PatternList list = message.source().patternList();
        if (list == null)
            return byDefault(message, now);
        PatternSearch search = new PatternSearch(message);
        if (list.perRecipient() && message.recipients().size() > 1)
            return part(message, list, search, now);
        return byPattern(message, search.find(list, message.recipients().getFirst()), now);
    }

    /** The VirtualMTA of that name, or the next member of the pool; null when there is no such name. */
    public Chosen next(String name) {
        return switch (ways().named(name)) {
            case null -> null;
            case Way.Direct(Chosen chosen) -> chosen;
            case Way.Pooled pool -> pool.rotation().next();
        };
    }

    private Selection wanted(SubmittedMessage message, String name, Ways now) {
        Source source = message.source();
        Way way = now.named(name);
        if (way == null)
            return source.rejectInvalidVirtualMta() ? new Selection.Unknown(name) : through(now.fallback(), message);
        return source.mayUse(name) ? through(way, message) : new Selection.NotAllowed(name);
    }

    private Selection byPattern(SubmittedMessage message, String found, Ways now) {
        return found == null ? byDefault(message, now) : through(known(found, now), message);
    }

    private Selection byDefault(SubmittedMessage message, Ways now) {
        Way way = defaultWay(message, now);
        return byClientsChoiceOfAddress(message) && !message.source().mayUse(way.name())
                ? new Selection.NotAllowed(way.name()) : through(way, message);
    }

    private static Way defaultWay(SubmittedMessage message, Ways now) {
        String name = message.source().defaultVirtualMta();
        if (name == null)
            return now.byDefault();
        if (!name.equals(Source.BY_SMTP_SOURCE_IP))
            return known(name, now);
        Way way = now.sendingFrom(message.localAddress());
        return way == null ? now.byDefault() : way;
    }

    /** Whom a client connects to is its wish like a header is. */
    private static boolean byClientsChoiceOfAddress(SubmittedMessage message) {
        return Source.BY_SMTP_SOURCE_IP.equals(message.source().defaultVirtualMta());
    }

    /** Names in a configuration are checked; only a reload in the middle of a message can take one away. */
    private static Way known(String name, Ways now) {
        Way way = now.named(name);
        if (way == null)
            throw new IllegalStateException("the configuration has lost " + name + " while a message came in");
        return way;
    }

    private static Selection through(Way way, SubmittedMessage message) {
        return switch (way) {
            case Way.Direct(Chosen chosen) -> chosen;
            case Way.Pooled pool when pool.sticky() == null -> pool.rotation().next();
            case Way.Pooled pool when !pool.sticky().by().byRecipient() -> byHeader(pool, message);
            case Way.Pooled pool when message.recipients().size() == 1 ->
                pool.sticky().member(message.recipients().getFirst().address());
            case Way.Pooled pool -> {
                Map<Chosen, List<Recipient>> parts = new LinkedHashMap<>();
                for (Recipient r : message.recipients())
                    add(parts, pool.sticky().member(r.address()), r);
                yield whole(parts);
            }
        };
    }

    /** A message without the field goes round robin. */
    private static Chosen byHeader(Way.Pooled pool, SubmittedMessage message) {
        String value = new MessageHeader(message).first(pool.sticky().by().header());
        return value == null ? pool.rotation().next() : pool.sticky().member(value);
    }

    /** Each recipient by itself; those that come to the same pool share one turn of it. */
    private static Selection part(SubmittedMessage message, PatternList list, PatternSearch search, Ways now) {
        Map<Chosen, List<Recipient>> parts = new LinkedHashMap<>();
        Map<Way, Chosen> turns = new HashMap<>();
        for (Recipient r : message.recipients()) {
            String found = search.find(list, r);
            Way way = found == null ? defaultWay(message, now) : known(found, now);
            if (found == null && byClientsChoiceOfAddress(message) && !message.source().mayUse(way.name()))
                return new Selection.NotAllowed(way.name());
            add(parts, way instanceof Way.Pooled pool && pool.sticky() != null && pool.sticky().by().byRecipient()
                    ? pool.sticky().member(r.address())
                    : turns.computeIfAbsent(way, w -> (Chosen) through(w, message)), r);
        }
        return whole(parts);
    }

    private static void add(Map<Chosen, List<Recipient>> parts, Chosen chosen, Recipient recipient) {
        parts.computeIfAbsent(chosen, _ -> new ArrayList<>()).add(recipient);
    }

    private static Selection whole(Map<Chosen, List<Recipient>> parts) {
        return parts.size() == 1 ? parts.keySet().iterator().next() : new Selection.Parted(parts);
    }

    private Ways ways() {
        CaravanConfig snapshot = config.get();
        Ways known = ways;
        return known != null && known.of(snapshot) ? known : renewed(snapshot);
    }

    /** Turns of pools begin anew with a new configuration. */
    private synchronized Ways renewed(CaravanConfig snapshot) {
        if (ways == null || !ways.of(snapshot))
            ways = new Ways(snapshot, availability);
        return ways;
    }
}
