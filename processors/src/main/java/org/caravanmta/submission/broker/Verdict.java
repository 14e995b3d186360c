package org.caravanmta.submission.broker;

import java.util.List;

import org.caravanmta.smtp.Reply;

/**
 * What becomes of a letter.
 *
 * @param answer   null when it is to be offered again later
 * @param parkedAs why the operator has to see the letter; null when it is done with
 */
public record Verdict(Answer answer, String parkedAs) {

    /** No mail is taken now. */
    static final Verdict LATER = new Verdict(null, null);

    /** Nothing of it was taken, and the operator is to see it. */
    public static Verdict refused(Reply reply) {
        return new Verdict(new Answer(reply, 0, List.of()), reply.toString());
    }

    public boolean later() {
        return answer == null;
    }
}
