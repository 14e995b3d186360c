package org.caravanmta.submission.intake;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.dkim.BodyHash;

/** The body hash of what goes to a spool file, computed while it passes, so that signing need not read the file again. */
final class SpooledBodyHash {

    private static final byte[] BLANK_LINE = { '\r', '\n' };

    private final BodyHash hash = new BodyHash(Canonicalization.RELAXED);
    private int ofBlankLine;

    /** What follows the header, from the blank line on when there is one. */
    void update(byte[] a, int from, int to) {
        int p = from;
        while (p < to && ofBlankLine < BLANK_LINE.length) {
            if (a[p] == BLANK_LINE[ofBlankLine])
                p++;
            else
                ofBlankLine = BLANK_LINE.length - 1; // there is none
            ofBlankLine++;
        }
        hash.update(a, p, to);
    }

    /** Once. */
    byte[] finish() {
        return hash.finish();
    }
}
