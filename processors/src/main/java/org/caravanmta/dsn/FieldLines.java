package org.caravanmta.dsn;

/**
 * Header fields whose values come from anywhere: control characters become blanks, long values are cut and folded, and
 * where only ASCII may stand other characters become {@code ?}.
 */
final class FieldLines {

    private static final int MAX_VALUE = 2_000;
    private static final int LINE = 76;

    private final StringBuilder text = new StringBuilder(1024);
    private final boolean utf8;

    FieldLines(boolean utf8) {
        this.utf8 = utf8;
    }

    /** Nothing when the value is null. */
    FieldLines add(String name, String value) {
        if (value == null)
            return this;
        String rest = clean(value, utf8);
        text.append(name).append(':');
        int column = name.length() + 1;
        for (String word : rest.split(" ")) {
            if (word.isEmpty())
                continue;
            boolean fold = column + word.length() > LINE && column > name.length() + 1;
            text.append(fold ? "\r\n " : " ").append(word);
            column = fold ? 1 + word.length() : column + 1 + word.length();
        }
        text.append("\r\n");
        return this;
    }

    FieldLines end() {
        text.append("\r\n");
        return this;
    }

    /** On one line; words of more than 500 characters are parted. */
    static String clean(String value, boolean utf8) {
        StringBuilder b = new StringBuilder(Math.min(value.length(), MAX_VALUE));
        int word = 0;
        for (int i = 0; i < value.length() && b.length() < MAX_VALUE;) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            int type = Character.getType(c);
            boolean blank = c <= ' ' || type == Character.CONTROL || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR || word >= 500;
            if (blank)
                b.append(' ');
            else if (c > 126 && (!utf8 || type == Character.SURROGATE))
                b.append('?');
            else
                b.appendCodePoint(c);
            word = blank ? 0 : word + 1;
        }
        return b.toString().strip();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
