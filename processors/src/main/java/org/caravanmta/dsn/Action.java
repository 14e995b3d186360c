package org.caravanmta.dsn;

/** What a report tells of a recipient (RFC 3464 §2.3.3). */
enum Action {
    FAILED, DELAYED, RELAYED;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
