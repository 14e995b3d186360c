package org.caravanmta.message.header;

/**
 * Walks over the fields of a header section (RFC 5322 §2.2) that lies in an array. A cursor: {@link #next()}, then the
 * positions. Not thread-safe, allocates nothing.
 */
public final class HeaderFields {

    private final byte[] array;
    private final int end;
    private int start;
    private int nameEnd;
    private int fieldEnd;

    /** @param end behind the last field: the position of the blank line, or the end of the message */
    public HeaderFields(byte[] array, int start, int end) {
        this.array = array;
        this.end = end;
        this.fieldEnd = start;
    }

    /** Goes to the next field; false at the end. The section must hold fields and their continuation lines only. */
    public boolean next() {
        if (fieldEnd >= end)
            return false;
        start = fieldEnd;
        nameEnd = nameEnd(array, start, end);
        int p = start;
        do {
            while (p < end && array[p] != '\n')
                p++;
            p = Math.min(p + 1, end);
        } while (p < end && blank(array[p]));
        fieldEnd = p;
        return true;
    }

    /** Of the field's first byte. */
    public int start() {
        return start;
    }

    /** Behind the field's last line end. */
    public int end() {
        return fieldEnd;
    }

    /** Behind the field's name. */
    public int nameEnd() {
        return Math.max(nameEnd, start);
    }

    /** Behind the colon. */
    public int valueStart() {
        int p = Math.max(nameEnd, start);
        while (p < fieldEnd && array[p] != ':')
            p++;
        return Math.min(p + 1, fieldEnd);
    }

    /** Whether the field has this name, whatever the case. */
    public boolean named(String name) {
        if (nameEnd - start != name.length())
            return false;
        for (int i = 0; i < name.length(); i++) {
            int b = array[start + i];
            int c = name.charAt(i);
            if (b != c && (lower(b) != lower(c)))
                return false;
        }
        return true;
    }

    /**
     * Where the field name of a line ends (blanks before the colon are obsolete but legal), or -1 when the line begins
     * no field.
     */
    public static int nameEnd(byte[] a, int from, int to) {
        int p = from;
        while (p < to && a[p] > ' ' && a[p] != ':' && a[p] != 127)
            p++;
        if (p == from)
            return -1;
        int colon = p;
        while (colon < to && blank(a[colon]))
            colon++;
        return colon < to && a[colon] == ':' ? p : -1;
    }

    static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
