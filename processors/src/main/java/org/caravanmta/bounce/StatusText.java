package org.caravanmta.bounce;

import java.util.Map;

import org.caravanmta.smtp.EnhancedStatusCode;

/** The {@code dsnStatus} column: code and what it says, {@code 5.1.1 (bad destination mailbox address)} (RFC 3463 §3). */
public final class StatusText {

    private static final Map<String, String> TEXT = Map.ofEntries(Map.entry("0.0", "undefined status"),
            Map.entry("1.0", "other address status"), Map.entry("1.1", "bad destination mailbox address"),
            Map.entry("1.2", "bad destination system address"),
            Map.entry("1.3", "bad destination mailbox address syntax"),
            Map.entry("1.4", "destination mailbox address ambiguous"), Map.entry("1.5", "destination address valid"),
            Map.entry("1.6", "mailbox has moved"), Map.entry("1.7", "bad sender's mailbox address syntax"),
            Map.entry("1.8", "bad sender's system address"), Map.entry("1.10", "recipient address has null MX"),
            Map.entry("2.0", "other or undefined mailbox status"), Map.entry("2.1", "mailbox disabled"),
            Map.entry("2.2", "mailbox full"), Map.entry("2.3", "message length exceeds administrative limit"),
            Map.entry("2.4", "mailing list expansion problem"), Map.entry("3.0", "mail system-related failure"),
            Map.entry("3.1", "mail system full"), Map.entry("3.2", "system not accepting network messages"),
            Map.entry("3.3", "system not capable of selected features"), Map.entry("3.4", "message too big for system"),
            Map.entry("3.5", "system incorrectly configured"), Map.entry("4.0", "other or undefined network status"),
            Map.entry("4.1", "no answer from host"), Map.entry("4.2", "bad connection"),
            Map.entry("4.3", "directory server failure"), Map.entry("4.4", "unable to route"),
            Map.entry("4.5", "mail system congestion"), Map.entry("4.6", "routing loop detected"),
            Map.entry("4.7", "delivery time expired"), Map.entry("5.0", "other or undefined protocol status"),
            Map.entry("5.1", "invalid command"), Map.entry("5.2", "syntax error"),
            Map.entry("5.3", "too many recipients"), Map.entry("5.4", "invalid command arguments"),
            Map.entry("5.5", "wrong protocol version"), Map.entry("6.0", "other or undefined media error"),
            Map.entry("6.1", "media not supported"), Map.entry("6.2", "conversion required and prohibited"),
            Map.entry("6.3", "conversion required but not supported"),
            Map.entry("6.4", "conversion with loss performed"),
            Map.entry("6.5", "conversion failed"), Map.entry("6.7", "non-ASCII addresses not permitted"),
            Map.entry("7.0", "other or undefined security status"), Map.entry("7.1", "delivery not authorized"),
            Map.entry("7.2", "mailing list expansion prohibited"),
            Map.entry("7.3", "security conversion required but not possible"),
            Map.entry("7.4", "security features not supported"), Map.entry("7.5", "cryptographic failure"),
            Map.entry("7.6", "cryptographic algorithm not supported"), Map.entry("7.7", "message integrity failure"));

    private static final String SUCCESS = "2.0.0 (success)";

    private StatusText() {
    }

    public static String of(EnhancedStatusCode code) {
        if (code.classCode() == 2)
            return code.subject() == 0 && code.detail() == 0 ? SUCCESS : code + " (success)";
        return code + " (" + TEXT.getOrDefault(code.subject() + "." + code.detail(), "undefined status") + ")";
    }

    static String of(int classCode, int subject, int detail, String text) {
        return classCode + "." + subject + "." + detail + " (" + text + ")";
    }
}
