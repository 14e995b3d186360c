package org.caravanmta.config.bounce;

import java.util.List;

/**
 * What a rule asks of a reply beside its text. Empty lists ask nothing.
 *
 * @param codes    the basic code (RFC 5321 §4.2.1)
 * @param statuses the enhanced status (RFC 3463)
 * @param stages   names of {@code org.caravanmta.smtp.Stage}; a reply whose stage is not known does not fit
 */
public record ReplyCondition(List<CodePattern> codes, List<StatusPattern> statuses, List<String> stages) {

    public static final ReplyCondition NONE = new ReplyCondition(List.of(), List.of(), List.of());

    /** Basic codes from {@code lowest} to {@code highest}. */
    public record CodePattern(int lowest, int highest) {
        public boolean fits(int code) {
            return code >= lowest && code <= highest;
        }
    }

    /** An enhanced status; −1 stands for any number. */
    public record StatusPattern(int classCode, int subject, int detail) {
        public boolean fits(int c, int s, int d) {
            return (classCode < 0 || classCode == c) && (subject < 0 || subject == s) && (detail < 0 || detail == d);
        }
    }

    /**
     * @param code    0 when unknown
     * @param c       class of the enhanced status; 0 when there is none
     * @param subject the status' subject
     * @param detail  the status' detail
     * @param stage   null when unknown
     */
    public boolean fits(int code, int c, int subject, int detail, String stage) {
        return (codes.isEmpty() || fitsCode(code)) && (statuses.isEmpty() || c != 0 && fitsStatus(c, subject, detail))
                && (stages.isEmpty() || stage != null && stages.contains(stage));
    }

    private boolean fitsCode(int code) {
        for (CodePattern p : codes)
            if (p.fits(code))
                return true;
        return false;
    }

    private boolean fitsStatus(int c, int subject, int detail) {
        for (StatusPattern p : statuses)
            if (p.fits(c, subject, detail))
                return true;
        return false;
    }
}
