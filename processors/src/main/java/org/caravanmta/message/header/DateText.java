package org.caravanmta.message.header;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** RFC 5322 §3.3 date-times, formatted once per second however many messages ask. Any thread. */
public final class DateText {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z",
            Locale.ENGLISH);

    private final DateTimeFormatter format;
    private volatile Second last = new Second(Long.MIN_VALUE, "");

    private record Second(long second, String text) {
    }

    public DateText(ZoneId zone) {
        this.format = FORMAT.withZone(zone);
    }

    /** {@code Tue, 3 Nov 2026 04:05:06 +0000}. */
    public String at(long epochMs) {
        long second = Math.floorDiv(epochMs, 1000L);
        Second s = last;
        if (s.second != second)
            last = s = new Second(second, format.format(Instant.ofEpochSecond(second)));
        return s.text;
    }
}
