package org.caravanmta.submission.intake;

import org.caravanmta.smtp.Reply;

/** A message, or one of its addresses, that is not taken; {@link #reply()} says why, and whether to try again. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    public RefusedException(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    public Reply reply() {
        return reply;
    }
}
