package org.caravanmta.message.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DateTextTest {

    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "2026-11-03T04:05:06Z|UTC|Tue, 3 Nov 2026 04:05:06 +0000",
            "2026-11-13T23:59:59.999Z|UTC|Fri, 13 Nov 2026 23:59:59 +0000",
            "1997-11-21T15:55:06Z|-06:00|Fri, 21 Nov 1997 09:55:06 -0600",
            "2026-07-01T00:00:00Z|Europe/Berlin|Wed, 1 Jul 2026 02:00:00 +0200",
            "2026-01-01T00:00:00Z|Asia/Kolkata|Thu, 1 Jan 2026 05:30:00 +0530",
            "1969-12-31T23:59:59.500Z|UTC|Wed, 31 Dec 1969 23:59:59 +0000" })
    void datesAreThoseOfRfc5322(String instant, String zone, String text) {
        assertThat(new DateText(ZoneId.of(zone)).at(at(instant))).isEqualTo(text);
    }

    @Test
    void oneSecondIsOneText() {
        DateText dates = new DateText(ZoneOffset.UTC);
        String text = dates.at(at("2026-11-03T04:05:06.000Z"));
        assertThat(dates.at(at("2026-11-03T04:05:06.999Z"))).isSameAs(text);
        assertThat(dates.at(at("2026-11-03T04:05:07.000Z"))).isEqualTo("Tue, 3 Nov 2026 04:05:07 +0000");
        assertThat(dates.at(at("2026-11-03T04:05:06.000Z"))).isEqualTo(text);
    }
}
