package org.caravanmta.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Points in time for people: of today without the day. */
final class LocalTimes {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private LocalTimes() {
    }

    /** @param iso empty when there is none */
    static String of(String iso) {
        if (iso.isEmpty())
            return "";
        ZonedDateTime time = Instant.parse(iso).atZone(ZoneId.systemDefault());
        return (time.toLocalDate().equals(LocalDate.now()) ? TIME : DAY).format(time);
    }
}
