package org.caravanmta.report;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Times as the exports write them: {@code 2016-08-01 14:06:01-0400}, or Unix seconds. The last ones are remembered, since
 * many records share a second. One thread.
 */
final class RecordTimes {

    private static final int LENGTH = "2016-08-01 14:06:01-0400".length();

    private String logged;
    private long loggedMs = -1;
    private String queued;
    private long queuedMs = -1;
    private String day = "";
    private long daySeconds;

    long ofLogged(String text) {
        if (text == null)
            return -1;
        if (!text.equals(logged)) {
            loggedMs = parse(text);
            logged = text;
        }
        return loggedMs;
    }

    long ofQueued(String text) {
        if (text == null)
            return -1;
        if (!text.equals(queued)) {
            queuedMs = parse(text);
            queued = text;
        }
        return queuedMs;
    }

    private long parse(String t) {
        if (t.length() != LENGTH || t.charAt(4) != '-' || t.charAt(13) != ':' || t.charAt(16) != ':') {
            long seconds = number(t);
            return seconds < 0 ? -1 : seconds * 1000;
        }
        try {
            if (!t.startsWith(day) || day.isEmpty()) {
                daySeconds = LocalDate.parse(t.substring(0, 10)).toEpochDay() * 86400;
                day = t.substring(0, 10);
            }
            int zone = two(t, 20) * 3600 + two(t, 22) * 60;
            long seconds = daySeconds + two(t, 11) * 3600 + two(t, 14) * 60 + two(t, 17)
                    - (t.charAt(19) == '-' ? -zone : zone);
            return seconds < 0 ? -1 : seconds * 1000;
        } catch (DateTimeException | NumberFormatException e) {
            return -1;
        }
    }

    private static int two(String t, int at) {
        int a = t.charAt(at) - '0';
        int b = t.charAt(at + 1) - '0';
        if (a < 0 || a > 9 || b < 0 || b > 9)
            throw new NumberFormatException(t);
        return a * 10 + b;
    }

    /** −1 for anything but up to twelve digits. */
    static long number(String t) {
        if (t.isEmpty() || t.length() > 12)
            return -1;
        long n = 0;
        for (int i = 0; i < t.length(); i++) {
            int d = t.charAt(i) - '0';
            if (d < 0 || d > 9)
                return -1;
            n = n * 10 + d;
        }
        return n;
    }
}
