package org.caravanmta.submission.broker;

import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.caravanmta.smtp.Reply;

/**
 * What the sender of a letter is told.
 *
 * @param reply    about the mail as a whole
 * @param accepted recipients that were taken
 */
public record Answer(Reply reply, int accepted, List<Rejected> rejected) {

    private static final int MOST_LISTED = 1_000;
    private static final int LONGEST = 320;

    /** A recipient that was not taken, as it was written, and why. */
    public record Rejected(String recipient, Reply reply) {
    }

    /** {@code {"reply":"250 2.0.0 …","accepted":1,"rejected":[{"recipient":"…","reply":"550 5.7.1 …"}]}}. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("reply", reply.toString()).put("accepted", accepted);
        var list = root.putArray("rejected");
        for (Rejected r : rejected.subList(0, Math.min(rejected.size(), MOST_LISTED)))
            list.addObject().put("recipient", cut(r.recipient())).put("reply", r.reply().toString());
        if (rejected.size() > MOST_LISTED)
            root.put("moreRejected", rejected.size() - MOST_LISTED);
        return root.toString();
    }

    private static String cut(String recipient) {
        return recipient.length() <= LONGEST ? recipient : recipient.substring(0, LONGEST) + "…";
    }
}
