package org.caravanmta.smtp.server;

import org.caravanmta.smtp.Reply;

/** Whether a reply may answer the end of data: 2xx, 4xx or 5xx (RFC 5321 §4.3.2), never 3xx. */
final class ReplyCheck {

    private ReplyCheck() {
    }

    static boolean endsData(Reply reply) {
        int kind = reply.code() / 100;
        return kind == 2 || kind == 4 || kind == 5;
    }
}
