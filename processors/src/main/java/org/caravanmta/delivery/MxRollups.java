package org.caravanmta.delivery;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.MxRollup;
import org.caravanmta.delivery.NextHops.Targets;
import org.caravanmta.queue.MessageStore.StoredMessage;

/**
 * Which domains of a VirtualMTA share a queue with others because they share their mail hosts. A domain whose MX answer
 * is not known, or was not asked for in a while, begins with its own queue; no connection is opened there before the
 * answer has come. Owned by the VirtualMTA's event loop.
 */
final class MxRollups {

    /** Then the resolver is asked again; it keeps answers by their own TTL. */
    private static final long FRESH_NANOS = 10_000_000_000L;
    private static final long KEPT_NANOS = 3_600_000_000_000L;
    private static final int MOST_KEPT = 10_000;

    private record Alias(String queue, long askedNanos) {
    }

    private final VirtualMtaDelivery owner;
    private final LinkedHashMap<String, Alias> aliases = new LinkedHashMap<>(16, 0.75f, true);

    MxRollups(VirtualMtaDelivery owner) {
        this.owner = owner;
    }

    static boolean isRollup(String queue) {
        return queue.endsWith(MxRollup.SUFFIX);
    }

    /** The queue that mail for a domain goes to now. */
    String queueOf(String domain) {
        Alias alias = aliases.get(domain);
        return alias != null && fresh(alias) ? alias.queue : ownQueue(domain);
    }

    /**
     * A domain that is called like a rollup is none, unless the operator says where its mail goes: with the dot at the
     * end it is the same domain under another name.
     */
    private String ownQueue(String domain) {
        return isRollup(domain) && owner.settings(domain).smtpHosts().isEmpty() ? domain + "." : domain;
    }

    private boolean fresh(Alias alias) {
        return owner.nanoTime() - alias.askedNanos < FRESH_NANOS;
    }

    /**
     * The rollup of a domain; null when it has a queue of its own, or is paused by its own name. Where DANE or a policy
     * demands something of the domain's hosts it has its own: connections that others opened may lack what is demanded.
     */
    RollupChoice choose(String domain, Targets found) {
        return found.mx() == null || found.bound() || owner.held(domain) ? null
                : RollupChoice.of(owner.config(), owner.name(), domain, found.mx());
    }

    /** From now on mail for the domain goes to that queue, and what is there heeds the domain's hosts. */
    DestinationState join(String domain, RollupChoice choice) {
        DestinationState rollup = owner.destination(choice.name());
        String first = rollup.members().first();
        rollup.join(domain, choice.hosts());
        Alias before = aliases.put(domain, new Alias(choice.name(), owner.nanoTime()));
        if (before == null || !before.queue.equals(choice.name()))
            if (first == null || first.equals(domain))
                owner.log().debug("{}/{} is rolled up into {}", domain, owner.name(), choice.name());
            else
                owner.log().info("{}/{} is rolled up into {}, as {} is", domain, owner.name(), choice.name(), first);
        if (aliases.size() > MOST_KEPT)
            forget(aliases.firstEntry().getKey());
        return rollup;
    }

    /** DNS says that it has a queue of its own. */
    void staysAlone(String domain) {
        aliases.remove(domain);
    }

    /** The rollup that a domain was last seen in; null when it is in none. */
    String rollupOf(String domain) {
        Alias alias = aliases.get(domain);
        return alias == null ? null : alias.queue;
    }

    private void forget(String domain) {
        aliases.remove(domain);
        owner.waiting().forget(domain);
    }

    /** Its mail has left a rollup: it belongs elsewhere, or nobody knows. */
    void leave(String domain, List<StoredMessage> messages) {
        aliases.remove(domain);
        if (!messages.isEmpty())
            owner.destination(ownQueue(domain)).takeOver(messages);
    }

    /**
     * Whether a message that comes back from the split-off queue of a rollup is known to belong there. If not, DNS is
     * asked, and the message comes to its queue once the answer is there.
     */
    boolean belongs(DestinationState rollup, StoredMessage message) {
        String domain = message.message().destination();
        if (queueOf(domain).equals(rollup.name()))
            return true;
        rollup.members().unsure(1);
        owner.hops().find(domain, owner.settings(domain)).whenComplete((found, error) -> {
            if (owner.loop().inEventLoop())
                asked(rollup, message, found);
            else
                owner.loop().execute(() -> asked(rollup, message, found));
        });
        return false;
    }

    /** @param found null when it could not be asked */
    private void asked(DestinationState rollup, StoredMessage message, Targets found) {
        rollup.members().unsure(-1);
        String domain = message.message().destination();
        RollupChoice choice = found == null ? null : choose(domain, found);
        DestinationState queue = choice == null ? null : join(domain, choice);
        if (queue == null)
            leave(domain, List.of(message));
        else if (queue == rollup)
            rollup.comeBack(message);
        else
            queue.takeOver(List.of(message));
    }

    /** Whether messages wait in the main queue that are not this queue's. */
    boolean othersWait(DestinationState queue) {
        WaitingCounts waiting = owner.waiting();
        if (!isRollup(queue.name()))
            return waiting.othersThan(queue.name());
        long own = waiting.of(queue.name());
        for (Map.Entry<String, Alias> e : aliases.entrySet())
            if (e.getValue().queue.equals(queue.name()))
                own += waiting.of(e.getKey());
        return waiting.total() > own;
    }

    /** Domains or rollups may be configured otherwise, or paused: every domain is asked for again. */
    void changed(boolean otherLists) {
        aliases.replaceAll((_, a) -> new Alias(a.queue, a.askedNanos - FRESH_NANOS));
        for (DestinationState d : owner.states())
            d.disband(otherLists);
    }

    /** Forgets domains that had no mail for long. */
    void tidy() {
        long now = owner.nanoTime();
        for (Iterator<Map.Entry<String, Alias>> i = aliases.entrySet().iterator(); i.hasNext();) {
            Map.Entry<String, Alias> e = i.next();
            if (now - e.getValue().askedNanos > KEPT_NANOS) {
                i.remove();
                owner.waiting().forget(e.getKey());
            }
        }
    }
}
