package org.caravanmta.cli;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A day or a time of this machine's zone, or a time with its own zone; epoch milliseconds. */
final class PointInTime implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        String iso = text.strip().replace(' ', 'T');
        try {
            if (iso.length() == "2026-11-25".length())
                return LocalDate.parse(iso).atStartOfDay(ZoneId.systemDefault()).toInstant().toEpochMilli();
            if (iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10)
                return OffsetDateTime.parse(iso).toInstant().toEpochMilli();
            return LocalDateTime.parse(iso).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new TypeConversionException("found '" + text + "', expected a day as 2026-11-25 or a time as "
                    + "\"2026-11-25 14:00\"");
        }
    }
}
