package org.caravanmta.config.tls;

import java.util.ArrayList;
import java.util.List;

/**
 * How connections to a destination speak TLS.
 *
 * @param use          when the host offers STARTTLS; when that fails, mail goes without
 * @param require      nothing is sent without TLS
 * @param verify       nor to a host whose certificate is not trusted, or not for it
 * @param tls12        TLS 1.2 is allowed
 * @param tls13        TLS 1.3 is allowed; one of the two is
 * @param ciphers      for TLS 1.2, by their IANA names, best first; empty means all that are thought safe
 * @param reuseSession sessions with a host are resumed
 * @param certificate  what is shown to hosts that ask for one; null when there is none
 * @param dane         TLSA records of a host demand TLS (RFC 7672)
 * @param mtaSts       the MTA-STS policy of a domain is heeded (RFC 8461)
 */
public record ClientTls(boolean use, boolean require, boolean verify, boolean tls12, boolean tls13,
        List<String> ciphers, boolean reuseSession, Certificate certificate, boolean dane, boolean mtaSts) {

    /** What holds when nothing is said. */
    public static final ClientTls DEFAULT = new ClientTls(true, false, false, true, true, List.of(), true, null,
            false, false);

    /** Whether what may go by these settings may lack what the others demand. */
    public boolean demandsLessThan(ClientTls others) {
        return others.verify ? !verify : others.require && !require && !verify;
    }

    /** As Java calls them. */
    public List<String> protocols() {
        List<String> names = new ArrayList<>(2);
        if (tls13)
            names.add("TLSv1.3");
        if (tls12)
            names.add("TLSv1.2");
        return names;
    }
}
