package org.caravanmta.tls;

import org.caravanmta.config.tls.ClientTls;

/**
 * What TLS one connection is to have.
 *
 * @param level    whether there is TLS at all
 * @param settings versions, ciphers and sessions; null where there is no TLS
 * @param sni      the name to ask the host for
 * @param by       who demands it, in the operator's words; null when it is only wished for
 * @param check    what the host's certificate must be; null when any will do
 */
public record TlsDemand(Level level, ClientTls settings, String sni, String by, PeerCheck check) {

    public enum Level {
        /** Not even when the host offers it. */
        NEVER,
        /** When the host offers it. When it then fails, the host may be tried without. */
        WISHED,
        /** Nothing is said to the host without it. */
        REQUIRED
    }

    public static final TlsDemand NEVER = new TlsDemand(Level.NEVER, null, null, null, null);

    public static TlsDemand wished(ClientTls settings, String sni) {
        return new TlsDemand(Level.WISHED, settings, sni, null, null);
    }

    /** @param check null when any certificate will do */
    public static TlsDemand required(ClientTls settings, String sni, String by, PeerCheck check) {
        return new TlsDemand(Level.REQUIRED, settings, sni, by, check);
    }

    public boolean required() {
        return level == Level.REQUIRED;
    }
}
