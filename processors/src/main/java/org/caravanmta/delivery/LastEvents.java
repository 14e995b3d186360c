package org.caravanmta.delivery;

import java.util.ArrayDeque;
import java.util.List;

import org.caravanmta.delivery.QueueReport.Event;

/** The last things that peers of a queue said, each once in a row. Owned by the VirtualMTA's event loop. */
final class LastEvents {

    private static final int MOST = 5;
    private static final int LONGEST = 500;

    private final ArrayDeque<Event> events = new ArrayDeque<>(0);

    void add(String text, long nowMs) {
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        Event last = events.peekFirst();
        if (last != null && last.text().equals(cut)) {
            events.pollFirst();
            events.addFirst(new Event(nowMs, cut, last.times() + 1));
            return;
        }
        events.addFirst(new Event(nowMs, cut, 1));
        if (events.size() > MOST)
            events.pollLast();
    }

    /** Newest first. */
    List<Event> list() {
        return List.copyOf(events);
    }
}
