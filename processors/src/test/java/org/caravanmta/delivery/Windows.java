package org.caravanmta.delivery;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** What a receiver counts, the slow and plain way: all events in a list, every window looked at. */
final class Windows {

    /** Something the receiver saw, at a time of its clock. */
    record Event(long atNanos, long weight) {
    }

    private Windows() {
    }

    /** The most that any window of the length holds. */
    static long most(List<Event> events, Duration per) {
        List<Event> sorted = events.stream().sorted(Comparator.comparingLong(Event::atNanos)).toList();
        long most = 0;
        for (int from = 0; from < sorted.size(); from++) {
            long sum = 0;
            for (int i = from; i < sorted.size()
                    && sorted.get(i).atNanos() - sorted.get(from).atNanos() < per.toNanos(); i++)
                sum += sorted.get(i).weight();
            most = Math.max(most, sum);
        }
        return most;
    }

    /** What came within so many whole windows from the first event on. */
    static long within(List<Event> events, Duration time) {
        long first = events.stream().mapToLong(Event::atNanos).min().orElse(0);
        return events.stream().filter(e -> e.atNanos() - first < time.toNanos()).mapToLong(Event::weight).sum();
    }
}
