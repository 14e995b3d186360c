package org.caravanmta.smtp.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.caravanmta.smtp.EnhancedStatusCode;
import org.caravanmta.smtp.Reply;

import io.netty.buffer.ByteBuf;

/**
 * Reads SMTP replies (RFC 5321 §4.2) as bytes come in, whatever the pieces. Text is kept only where somebody will read
 * it, so that the usual {@code 250} and {@code 354} cost no object. One per connection, on its event loop.
 * <p>
 * Kept text is cut to {@value #MAX_TEXT} bytes a line (RFC 5321 §4.5.3.1.5 allows 512 with code and CRLF, yet some
 * hosts say more when they refuse); a line beyond {@value #MAX_LINE} bytes or a reply beyond {@value #MAX_LINES} lines
 * is not SMTP.
 */
final class ReplyReader {

    /** No whole reply yet. */
    static final int MORE = 0;
    /** What the peer says is no SMTP reply: see {@link #excerpt()}. */
    static final int MALFORMED = -1;

    static final int MAX_TEXT = 512;
    static final int MAX_LINE = 4096;
    static final int MAX_LINES = 50;
    private static final int CODE_LENGTH = 3;

    private byte[] text = new byte[256];
    private int length;
    private int lines;
    private int code;
    private boolean keep;
    private String excerpt = "";

    /**
     * Takes the next reply out of {@code in}.
     *
     * @param wanted whether the text of a positive reply matters; that of 4xx and 5xx is always kept
     * @return the code 200–599, {@link #MORE} or {@link #MALFORMED}
     */
    int next(ByteBuf in, boolean wanted) {
        for (;;) {
            int start = in.readerIndex();
            int lf = in.indexOf(start, in.writerIndex(), (byte) '\n');
            if (lf < 0)
                return in.readableBytes() > MAX_LINE ? malformed(in, start, in.writerIndex()) : MORE;
            in.readerIndex(lf + 1);
            int end = lf > start && in.getByte(lf - 1) == '\r' ? lf - 1 : lf;
            int c = lf - start > MAX_LINE ? MALFORMED : codeOf(in, start, end);
            if (lines == 0) {
                code = c;
                keep = wanted || c >= 400;
                length = 0;
            }
            if (c < 0 || c != code || ++lines > MAX_LINES)
                return malformed(in, start, end);
            if (keep)
                append(in, start + CODE_LENGTH + 1, end);
            if (end == start + CODE_LENGTH || in.getByte(start + CODE_LENGTH) != '-') {
                lines = 0;
                return code;
            }
        }
    }

    private static int codeOf(ByteBuf in, int start, int end) {
        if (end - start < CODE_LENGTH)
            return MALFORMED;
        int a = in.getByte(start) - '0';
        int b = in.getByte(start + 1) - '0';
        int c = in.getByte(start + 2) - '0';
        if (a < 2 || a > 5 || b < 0 || b > 9 || c < 0 || c > 9)
            return MALFORMED;
        if (end > start + CODE_LENGTH) {
            byte separator = in.getByte(start + CODE_LENGTH);
            if (separator != ' ' && separator != '-')
                return MALFORMED;
        }
        return a * 100 + b * 10 + c;
    }

    private void append(ByteBuf in, int from, int end) {
        int n = Math.max(0, Math.min(end - from, MAX_TEXT));
        if (length + n + 1 > text.length)
            text = Arrays.copyOf(text, Math.max(2 * text.length, length + n + 1));
        if (lines > 1)
            text[length++] = '\n';
        if (n == 0)
            return;
        in.getBytes(from, text, length, n);
        for (int i = length; i < length + n; i++)
            if (text[i] >= 0 && text[i] < ' ' || text[i] == 127)
                text[i] = ' ';
        length += n;
    }

    private int malformed(ByteBuf in, int start, int end) {
        byte[] some = new byte[Math.max(0, Math.min(end - start, 80))];
        in.getBytes(start, some);
        excerpt = clean(new String(some, StandardCharsets.ISO_8859_1));
        return MALFORMED;
    }

    /** The beginning of what was no reply, for people. */
    String excerpt() {
        return excerpt;
    }

    /** The lines of the last reply as they came, without codes; for EHLO. */
    String[] textLines() {
        return clean(new String(text, 0, length, StandardCharsets.UTF_8)).split("\n", -1);
    }

    /** The last reply; only when its text was wanted or it is negative. */
    Reply reply() {
        int prefix = enhancedLength();
        if (prefix == 0)
            return new Reply(code, null, clean(new String(text, 0, length, StandardCharsets.UTF_8)));
        int from = Math.min(length, prefix + 1);
        String rest = clean(new String(text, from, length - from, StandardCharsets.UTF_8));
        EnhancedStatusCode enhanced = enhanced(prefix);
        return new Reply(code, enhanced, rest.indexOf('\n') < 0 ? rest : rest.replace("\n" + enhanced + " ", "\n"));
    }

    /** Length of {@code 2.1.5} at the beginning of the text (RFC 2034 §4), or 0. */
    private int enhancedLength() {
        if (length < 5 || text[0] != '2' && text[0] != '4' && text[0] != '5' || text[1] != '.')
            return 0;
        int i = digits(2);
        if (i == 2 || i >= length || text[i] != '.')
            return 0;
        int j = digits(i + 1);
        return j > i + 1 && (j == length || text[j] == ' ' || text[j] == '\n') ? j : 0;
    }

    /** First index behind one to three digits at {@code from}; {@code from} when there is none. */
    private int digits(int from) {
        int i = from;
        while (i < length && i < from + 3 && text[i] >= '0' && text[i] <= '9')
            i++;
        return i;
    }

    private EnhancedStatusCode enhanced(int prefix) {
        int dot = digits(2);
        return new EnhancedStatusCode(text[0] - '0', number(2, dot), number(dot + 1, prefix));
    }

    private int number(int from, int to) {
        int n = 0;
        for (int i = from; i < to; i++)
            n = 10 * n + text[i] - '0';
        return n;
    }

    /** Control characters of the upper half too, which bytes do not show; lines stay. */
    private static String clean(String s) {
        for (int i = 0; i < s.length(); i++)
            if (s.charAt(i) != '\n' && Character.isISOControl(s.charAt(i)))
                return s.codePoints().map(c -> c != '\n' && Character.isISOControl(c) ? ' ' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return s;
    }
}
