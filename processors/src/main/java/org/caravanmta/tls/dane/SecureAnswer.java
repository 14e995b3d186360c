package org.caravanmta.tls.dane;

import java.util.List;

import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * An answer and what DNSSEC says of it (RFC 4035 §4.3).
 *
 * @param records    those of the type that was asked for, behind all aliases; empty: there are none
 * @param owner      the name they belong to, behind all aliases
 * @param aliased    whether there were aliases
 * @param ttlSeconds how long it holds
 * @param detail     with {@code FAILED} why, one line; else null
 */
record SecureAnswer(Status status, List<Record> records, Name owner, boolean aliased, long ttlSeconds, String detail) {

    enum Status {
        /** Proven, also that there is nothing. */
        SECURE,
        /** Proven that it cannot be proven. */
        INSECURE,
        /** The proof fails, or there was no answer: neither the answer nor its absence may be relied on. */
        FAILED
    }

    <T extends Record> List<T> records(Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
