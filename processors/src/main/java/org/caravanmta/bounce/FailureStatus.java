package org.caravanmta.bounce;

import org.caravanmta.smtp.EnhancedStatusCode;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Reply;

/** The status of a failure for records: the peer's own where it sent one, else by the kind of trouble (RFC 3463). */
public final class FailureStatus {

    private FailureStatus() {
    }

    /** @param permanent whether the recipient bounced: decides the class, whatever the peer's own class said */
    public static String of(Failure failure, boolean permanent) {
        int c = permanent ? 5 : 4;
        return switch (failure.cause()) {
            case REPLY -> ofReply(failure.reply(), c);
            case NO_CONNECTION -> code(c, 4, 1);
            case CONNECTION_LOST -> code(c, 4, 2);
            case PROTOCOL -> code(c, 5, 0);
            case NO_SUCH_DOMAIN -> StatusText.of(c, 1, 2, "bad destination system: no such domain");
            case NO_MAIL_HOST -> StatusText.of(c, 4, 4, "unable to route: no mail hosts for domain");
            case NULL_MX -> code(c, 1, 10);
            case DNS_TEMPORARY -> StatusText.of(c, 4, 3, "unable to route: dns lookup failure");
            case SOURCE_ADDRESS_MISSING -> code(c, 3, 5);
            case EXTENSION_MISSING -> code(c, 3, 3);
            case TLS_BROKEN, TLS_MISSING -> code(c, 7, 5);
            case LOGIN_IMPOSSIBLE -> code(c, 7, 4);
        };
    }

    private static String ofReply(Reply reply, int c) {
        EnhancedStatusCode own = reply.enhanced();
        return own == null || own.classCode() == 2 ? code(c, 0, 0)
                : StatusText.of(new EnhancedStatusCode(c, own.subject(), own.detail()));
    }

    private static String code(int c, int subject, int detail) {
        return StatusText.of(new EnhancedStatusCode(c, subject, detail));
    }
}
