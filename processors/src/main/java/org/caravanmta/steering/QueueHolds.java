package org.caravanmta.steering;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.CaravanConfig;

/**
 * Which queues are paused. What was said last counts: after {@code pause *}{@code /mta1} and {@code resume
 * gmail.com/mta1} everything of mta1 waits but mail to gmail.com. What a later word makes pointless is forgotten.
 * Immutable.
 *
 * @param said in the order in which it was said
 */
public record QueueHolds(List<Word> said) {

    public static final QueueHolds NONE = new QueueHolds(List.of());

    /** One thing an operator said. */
    public record Word(boolean paused, QueuePattern queues) {

        @Override
        public String toString() {
            return (paused ? "pause " : "resume ") + queues;
        }
    }

    public QueueHolds pause(QueuePattern queues) {
        List<Word> now = without(queues);
        now.add(new Word(true, queues));
        return new QueueHolds(List.copyOf(now));
    }

    public QueueHolds resume(QueuePattern queues, CaravanConfig config) {
        List<Word> now = without(queues);
        if (now.stream().anyMatch(w -> w.paused() && w.queues().meets(queues, config)))
            now.add(new Word(false, queues));
        while (!now.isEmpty() && !now.getFirst().paused())
            now.removeFirst();
        return new QueueHolds(List.copyOf(now));
    }

    private List<Word> without(QueuePattern queues) {
        List<Word> rest = new ArrayList<>(said);
        rest.removeIf(w -> queues.covers(w.queues()));
        return rest;
    }

    public boolean paused(String destination, String virtualMta, CaravanConfig config) {
        for (Word w : said.reversed())
            if (w.queues().matches(destination, virtualMta, config))
                return w.paused();
        return false;
    }

    /** Whether every queue of the VirtualMTA is paused. */
    public boolean pausedWhole(String virtualMta, CaravanConfig config) {
        for (Word w : said.reversed())
            if (w.queues().holdsFor(virtualMta, config)) {
                if (!w.paused())
                    return false;
                if (w.queues().domain().equals(QueuePattern.EVERY.domain()))
                    return true;
            }
        return false;
    }

    public boolean none() {
        return said.isEmpty();
    }
}
