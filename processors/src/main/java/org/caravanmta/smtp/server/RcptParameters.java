package org.caravanmta.smtp.server;

import org.caravanmta.message.Notify;
import org.caravanmta.smtp.Xtext;

/** The parameters of one RCPT command (RFC 3461 §4.1 and §4.2): each at most once, only after EHLO. */
final class RcptParameters {

    /** RFC 3461 §4.2. */
    private static final int MAX_ORCPT = 500;

    private Notify notify;
    private String orcpt;

    /** @return null when all is well, else the reply */
    byte[] read(CommandLine line, int from, boolean extended, boolean utf8) {
        EsmtpParameters p = new EsmtpParameters(line, from, utf8);
        while (p.next()) {
            if (!extended || !p.named("NOTIFY") && !p.named("ORCPT"))
                return Replies.UNKNOWN_PARAMETER;
            if (!(p.named("NOTIFY") ? takeNotify(p.value()) : takeOrcpt(p.value(), utf8)))
                return Replies.PARAMETER_SYNTAX;
        }
        return p.malformed() ? Replies.PARAMETER_SYNTAX : null;
    }

    private boolean takeNotify(String value) {
        if (notify != null || value == null)
            return false;
        if (value.equalsIgnoreCase("NEVER")) {
            notify = Notify.NEVER;
            return true;
        }
        int bits = 0;
        for (String word : value.split(",", -1)) {
            int bit = word.equalsIgnoreCase("SUCCESS") ? 1 : word.equalsIgnoreCase("FAILURE") ? 2
                    : word.equalsIgnoreCase("DELAY") ? 4 : 0;
            if (bit == 0 || (bits & bit) != 0)
                return false;
            bits |= bit;
        }
        notify = Notify.ofBits(bits);
        return true;
    }

    private boolean takeOrcpt(String value, boolean utf8) {
        int semicolon = value == null ? -1 : value.indexOf(';');
        if (orcpt != null || semicolon < 1 || value.length() > MAX_ORCPT)
            return false;
        for (int i = 0; i < semicolon; i++) {
            char c = value.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'))
                return false;
        }
        orcpt = value;
        return Xtext.printable(value.substring(semicolon + 1), utf8);
    }

    /** Null when it was not said. */
    Notify notification() {
        return notify;
    }

    /** Still encoded; null when it was not said. */
    String orcpt() {
        return orcpt;
    }
}
