package org.caravanmta.message.header;

import java.nio.charset.StandardCharsets;

/** The text of a field value: unfolded (RFC 5322 §2.2.3), trimmed, at most {@value #MAX_LENGTH} characters. */
final class FieldText {

    static final int MAX_LENGTH = 255;

    private FieldText() {
    }

    /** @return null when the value is empty */
    static String of(byte[] a, int from, int to) {
        String text = whole(a, from, to);
        if (text.length() > MAX_LENGTH)
            text = text.substring(0, MAX_LENGTH).strip();
        return text.isEmpty() ? null : text;
    }

    /** The same in full length; an empty text when the value is empty. */
    static String whole(byte[] a, int from, int to) {
        byte[] line = new byte[to - from];
        int n = 0;
        for (int i = from; i < to; i++) {
            boolean lineEnd = a[i] == '\n' || a[i] == '\r' && i + 1 < to && a[i + 1] == '\n';
            if (!lineEnd)
                line[n++] = a[i] == '\t' ? (byte) ' ' : a[i];
        }
        return new String(line, 0, n, StandardCharsets.UTF_8).strip();
    }

    static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            int type = Character.getType(text.charAt(i));
            if (type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR)
                return true;
        }
        return false;
    }
}
