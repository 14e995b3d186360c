package org.caravanmta.submission.intake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.caravanmta.smtp.Reply;

/**
 * Reads the text of one message: finds its end, takes the stuffed dots out (RFC 5321 §4.5.2) and notes what is wrong
 * with it. Only CR LF ends a line, and only {@code <CRLF>.<CRLF>} ends the data (§2.3.8, §4.1.1.4): with anything looser
 * a sender could hide a second message in the first.
 * <p>
 * Works in place on an array, run by run: the hottest loop of the server. Text without CR, LF, NUL and 8-bit bytes is
 * looked at eight bytes at a time. One instance per message.
 */
final class TextScanner {

    private enum State {
        LINE_START, TEXT, CR, DOT, DOT_CR, END
    }

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SMALLEST_PLAIN = 0x0e0e0e0e0e0e0e0eL;

    private final boolean dotStuffed;
    private final int maxTextLength;
    private State state = State.LINE_START;
    private int lineLength;
    private int consumed;
    private boolean eightBit;
    private Reply defect;

    /**
     * @param dotStuffed    DATA: the text ends with a lone dot; else BDAT: somebody else knows where it ends
     * @param maxLineLength CR LF included; 0 means unlimited
     */
    TextScanner(boolean dotStuffed, int maxLineLength) {
        this.dotStuffed = dotStuffed;
        this.maxTextLength = maxLineLength == 0 ? Integer.MAX_VALUE : maxLineLength - 2;
    }

    /**
     * Takes {@code [from, to)}, or less when the data ends before: see {@link #consumed()}.
     *
     * @return the end of the text, which now begins at {@code from} with the dots taken out
     */
    int scan(byte[] a, int from, int to) {
        int r = from;
        int w = from;
        while (r < to && state != State.END) {
            byte b = a[r];
            if (state == State.LINE_START && dotStuffed && b == '.') {
                state = State.DOT;
                r++;
            } else if (state == State.DOT && b == '\r') {
                state = State.DOT_CR;
                r++;
            } else if (state == State.DOT_CR && b == '\n') {
                state = State.END;
                r++;
            } else if (b == '\r' || b == '\n' || b == 0) {
                special(b);
                a[w++] = b;
                r++;
            } else {
                if (state == State.CR || state == State.DOT_CR)
                    note(Refusals.BARE_LINE_END);
                state = State.TEXT;
                int end = plainRun(a, r, to);
                if (w != r)
                    System.arraycopy(a, r, a, w, end - r);
                w += end - r;
                lineLength += end - r;
                if (lineLength > maxTextLength)
                    note(Refusals.TEXT_LINE_TOO_LONG);
                r = end;
            }
        }
        consumed = r;
        return w;
    }

    private void special(byte b) {
        if (b == '\n' && state == State.CR) {
            state = State.LINE_START;
            lineLength = 0;
            return;
        }
        if (b == '\n' || state == State.CR || state == State.DOT_CR)
            note(Refusals.BARE_LINE_END);
        if (b == 0)
            note(Refusals.NUL_IN_MESSAGE);
        state = b == '\r' ? State.CR : State.TEXT;
    }

    private void note(Reply reply) {
        if (defect == null)
            defect = reply;
    }

    /** The first CR, LF or NUL at or behind {@code from}, or {@code to}. */
    private int plainRun(byte[] a, int from, int to) {
        int p = from;
        while (true) {
            if (!eightBit) {
                while (p + 8 <= to) {
                    long w = (long) WORD.get(a, p);
                    if (((w - SMALLEST_PLAIN | w) & HIGH_BITS) != 0)
                        break;
                    p += 8;
                }
            } else {
                while (p + 8 <= to) {
                    long w = (long) WORD.get(a, p);
                    if ((w - SMALLEST_PLAIN & ~w & HIGH_BITS) != 0)
                        break;
                    p += 8;
                }
            }
            int stop = Math.min(p + 8, to);
            while (p < stop) {
                byte b = a[p];
                if (b == '\r' || b == '\n' || b == 0)
                    return p;
                eightBit |= b < 0;
                p++;
            }
            if (p == to)
                return p;
        }
    }

    /** Behind the last byte that {@link #scan} took. */
    int consumed() {
        return consumed;
    }

    /** The lone dot has been seen. */
    boolean ended() {
        return state == State.END;
    }

    /** The text so far ends in CR LF, or is empty. */
    boolean atLineStart() {
        return state == State.LINE_START || state == State.END;
    }

    /** A CR waits for its LF: a bare one, if nothing follows. */
    boolean endsInCr() {
        return state == State.CR;
    }

    boolean eightBit() {
        return eightBit;
    }

    /** The reply for the first thing that is wrong with the text, however it was cut; null when all is well. */
    Reply defect() {
        return defect;
    }
}
