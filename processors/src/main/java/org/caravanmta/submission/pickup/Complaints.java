package org.caravanmta.submission.pickup;

import org.caravanmta.smtp.Reply;

/** What is wrong with single lines: some of it, and how much there is. */
final class Complaints {

    private static final int MOST = 20;

    private final StringBuilder text = new StringBuilder();
    private int count;

    void add(int line, Reply reply) {
        if (count++ < MOST)
            text.append(text.isEmpty() ? "" : "\n").append("line ").append(line).append(": ").append(reply);
    }

    /** @throws BadFileException there were some */
    void check() throws BadFileException {
        if (count > MOST)
            text.append("\nand ").append(count - MOST).append(" more");
        if (count > 0)
            throw new BadFileException(text.toString());
    }
}
