package org.caravanmta.message.header;

/**
 * Finds the end of the header section while a message arrives: the first line that is neither a field nor the
 * continuation of one. A message without a header has its boundary at the very beginning. One instance per message.
 */
public final class HeaderBoundary {

    private final int start;
    private int line;
    private int searched;
    private boolean found;

    /** @param start where the message begins in the array that is given to {@link #advance} */
    public HeaderBoundary(int start) {
        this.start = start;
        this.line = start;
        this.searched = start;
    }

    /** Looks at the bytes that came since the last call; the array may have been replaced by a copy. */
    public boolean advance(byte[] a, int to) {
        int p = searched;
        while (!found && p < to) {
            while (p < to && a[p] != '\n')
                p++;
            if (p < to)
                lineEndsAt(a, ++p);
        }
        searched = p;
        return found;
    }

    private void lineEndsAt(byte[] a, int next) {
        boolean continuation = line > start && HeaderFields.blank(a[line]);
        if (continuation || HeaderFields.nameEnd(a, line, next) > 0)
            line = next;
        else
            found = true;
    }

    public boolean found() {
        return found;
    }

    /** Behind the last complete header line so far; the end of the header section once it is found. */
    public int end() {
        return line;
    }
}
