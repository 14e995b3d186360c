package org.caravanmta.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * XML as the exports write it: {@code <record type="d"><orig>…</orig>…</record>}, without comments, CDATA or entities of
 * its own. A document that is still being written has no end yet, and a broken record must not end the reading: both are
 * beyond an XML parser, and there is nothing to resolve here that could reach out of the file.
 */
final class XmlRows extends RecordReader {

    private static final String OPEN = "<record ";
    private static final String CLOSE = "</record>";

    XmlRows(InputStream in, String name, BadLines bad) {
        super(in, name, bad);
    }

    @Override
    boolean next(Row row, boolean last) throws IOException {
        while (true) {
            int stop = lineEnd();
            if (stop < 0 && (end == start || !last && end - start < buffer.length))
                return false;
            int to = stop < 0 ? end : stop;
            if (!at(start, OPEN)) {
                if (at(start, "<?xml") || at(start, "<accounting") || at(start, "</accounting>")
                        || text(start, to).isBlank()) {
                    start = stop < 0 ? end : stop + 1;
                    line++;
                } else {
                    skipLine("no record");
                }
                continue;
            }
            int close = endTag();
            row.clear(line);
            if (close >= 0 && parsed(row, text(start, close))) {
                advance(close + CLOSE.length());
                return true;
            }
            if (close < 0 && !last && end - start < buffer.length)
                return false;
            skipLine("no whole record");
        }
    }

    /** Where the record at {@code start} has its end tag; −1: nowhere before the next one begins. */
    private int endTag() throws IOException {
        int from = OPEN.length();
        while (true) {
            for (int i = start + from; i < end - CLOSE.length() + 1; i++) {
                if (buffer[i] != '<')
                    continue;
                if (at(i, CLOSE))
                    return i;
                if (at(i, OPEN))
                    return -1;
            }
            from = Math.max(from, end - start - CLOSE.length());
            if (!fill())
                return -1;
        }
    }

    private void advance(int to) {
        for (int i = start; i < to; i++)
            if (buffer[i] == '\n')
                line++;
        start = to;
        if (start < end && buffer[start] == '\n') {
            start++;
            line++;
        }
    }

    private boolean at(int i, String what) {
        if (end - i < what.length())
            return false;
        for (int k = 0; k < what.length(); k++)
            if (buffer[i + k] != what.charAt(k))
                return false;
        return true;
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }

    private static boolean parsed(Row row, String r) {
        int i = r.indexOf('>');
        int quote = r.indexOf('"');
        int second = r.indexOf('"', quote + 1);
        if (i < 0 || !r.startsWith("type=\"", OPEN.length()) || second < 0 || second > i)
            return false;
        row.set(RecordField.TYPE, r.substring(quote + 1, second));
        i++;
        while (i < r.length()) {
            int open = r.indexOf('>', i);
            if (r.charAt(i) != '<' || open < 0)
                return false;
            boolean empty = r.charAt(open - 1) == '/';
            String tag = r.substring(i + 1, empty ? open - 1 : open);
            int blank = tag.indexOf(' ');
            String name = blank < 0 ? tag : tag.substring(0, blank);
            if (empty) {
                i = open + 1;
                continue;
            }
            int close = r.indexOf('<', open);
            if (close < 0 || !r.startsWith("</" + name + ">", close))
                return false;
            RecordField field = RecordField.ofColumn(name);
            if (field != null) {
                String value = unescaped(r.substring(open + 1, close));
                if (value == null)
                    return false;
                row.set(field, tag.contains("escaped=\"yes\"") ? controls(value) : value);
            }
            i = close + name.length() + 3;
        }
        return true;
    }

    /** Null when there is a reference that is none. */
    private static String unescaped(String text) {
        int amp = text.indexOf('&');
        if (amp < 0)
            return text;
        StringBuilder b = new StringBuilder(text.length());
        int done = 0;
        for (; amp >= 0; amp = text.indexOf('&', done)) {
            b.append(text, done, amp);
            int semicolon = text.indexOf(';', amp);
            int c = semicolon < 0 ? -1 : character(text.substring(amp + 1, semicolon));
            if (c < 0)
                return null;
            b.appendCodePoint(c);
            done = semicolon + 1;
        }
        return b.append(text, done, text.length()).toString();
    }

    private static int character(String name) {
        return switch (name) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "quot" -> '"';
            case "apos" -> '\'';
            default -> numbered(name);
        };
    }

    private static int numbered(String name) {
        try {
            int c = name.startsWith("#x") ? Integer.parseInt(name.substring(2), 16)
                    : name.startsWith("#") ? Integer.parseInt(name.substring(1)) : -1;
            return Character.isValidCodePoint(c) ? c : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String controls(String text) {
        StringBuilder b = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && text.startsWith("\\\\", i)) {
                b.append('\\');
                i++;
            } else if (c == '\\' && i + 6 <= text.length() && text.charAt(i + 1) == 'u') {
                int code = numbered("#x" + text.substring(i + 2, i + 6));
                b.append(code < 0 ? '?' : (char) code);
                i += 5;
            } else {
                b.append(c);
            }
        }
        return b.toString();
    }
}
