package org.caravanmta.smtp;

/**
 * What a peer, the network or DNS did instead of taking mail. A fact, not a decision: what it means is decided in
 * {@code org.caravanmta.bounce.FailurePolicy} alone.
 *
 * @param reply  what the peer said; null when it said nothing (network trouble, DNS)
 * @param detail our own words when there is no reply, for example {@code ECONNREFUSED connecting to mx (192.0.2.1)}
 * @param cause  the kind of trouble
 */
public record Failure(Stage stage, Cause cause, Reply reply, String detail) {

    public enum Cause {
        /** The peer answered 4xx or 5xx: see {@link #reply()}. */
        REPLY,
        /** Nobody answered: refused, unreachable, timed out before the greeting. */
        NO_CONNECTION,
        /** An established connection broke or timed out. */
        CONNECTION_LOST,
        /** The peer does not speak SMTP. */
        PROTOCOL,
        /** The domain does not exist (NXDOMAIN). */
        NO_SUCH_DOMAIN,
        /** The domain has neither MX nor address records. */
        NO_MAIL_HOST,
        /** The domain says that it takes no mail (RFC 7505). */
        NULL_MX,
        /** DNS could not answer just now. */
        DNS_TEMPORARY,
        /** The source address is not on this machine. */
        SOURCE_ADDRESS_MISSING,
        /** The peer lacks an extension that this message needs (SIZE, SMTPUTF8, 8BITMIME). */
        EXTENSION_MISSING,
        /** TLS was only wished for, and failed: the host may be tried without. */
        TLS_BROKEN,
        /** TLS is demanded, and the host has none, or not such as is demanded. */
        TLS_MISSING,
        /** The host offers no login that we may use. */
        LOGIN_IMPOSSIBLE
    }

    public static Failure ofReply(Stage stage, Reply reply) {
        return new Failure(stage, Cause.REPLY, reply, null);
    }

    public static Failure of(Stage stage, Cause cause, String detail) {
        return new Failure(stage, cause, null, detail);
    }

    /** One line for people and records. */
    public String text() {
        return reply != null ? reply.toString() : detail;
    }
}
