package org.caravanmta.report;

import java.util.ArrayList;
import java.util.List;

/** Lines that are no records: all are counted, the first are named. Any thread. */
public final class BadLines {

    private static final int NAMED = 20;

    private final List<String> named = new ArrayList<>();
    private long count;

    /** @param line from 1; 0 for a whole file */
    synchronized void add(String file, long line, String why) {
        count++;
        if (named.size() < NAMED)
            named.add(file + (line > 0 ? ":" + line : "") + ": " + why);
    }

    public synchronized long count() {
        return count;
    }

    /** The first ones, as {@code file:line: why}. */
    public synchronized List<String> named() {
        return List.copyOf(named);
    }
}
