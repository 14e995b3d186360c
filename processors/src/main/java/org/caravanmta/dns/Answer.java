package org.caravanmta.dns;

import java.util.List;
import java.util.function.Function;

import org.xbill.DNS.Record;

/**
 * What one question brought.
 *
 * @param records    with {@code RECORDS} at least one; else empty
 * @param ttlSeconds lowest TTL of the records and of what led to them; 0 when there is none
 * @param detail     our own words when there is no record; null otherwise
 */
record Answer(Status status, List<Record> records, long ttlSeconds, String detail) {

    enum Status {
        RECORDS, NO_DATA, NO_SUCH_NAME, TEMPORARY
    }

    static Answer of(List<Record> records) {
        long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(0);
        return new Answer(Status.RECORDS, records, ttl, null);
    }

    static Answer none(Status status, String detail) {
        return new Answer(status, List.of(), 0, detail);
    }

    <T extends Record, R> List<R> map(Class<T> type, Function<T, R> f) {
        return records.stream().filter(type::isInstance).map(type::cast).map(f).toList();
    }
}
