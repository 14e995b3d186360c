package org.caravanmta.accounting;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Epoch milliseconds as a text of whole seconds. Keeps the last two, since neighbours are often the same. One thread. */
final class TimeText {

    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxx");

    private final ZoneId zone;
    private long second = Long.MIN_VALUE;
    private String text;
    private long secondBefore = Long.MIN_VALUE;
    private String textBefore;

    /** @param zone null: Unix seconds */
    TimeText(ZoneId zone) {
        this.zone = zone;
    }

    String of(long ms) {
        long s = Math.floorDiv(ms, 1000);
        if (s == second)
            return text;
        if (s == secondBefore)
            return textBefore;
        secondBefore = second;
        textBefore = text;
        second = s;
        text = zone == null ? Long.toString(s) : FORM.format(Instant.ofEpochSecond(s).atZone(zone));
        return text;
    }
}
