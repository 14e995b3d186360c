package org.caravanmta.message;

/** When the sender wants a report about a recipient (RFC 3461 §4.1); all false is NEVER. */
public record Notify(boolean success, boolean failure, boolean delay) {

    public static final Notify NEVER = new Notify(false, false, false);

    /** What {@link #bits()} was. */
    public static Notify ofBits(int bits) {
        return new Notify((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
    }

    /** 0–7. */
    public int bits() {
        return (success ? 1 : 0) | (failure ? 2 : 0) | (delay ? 4 : 0);
    }

    /** As in the parameter of RCPT. */
    @Override
    public String toString() {
        StringBuilder b = new StringBuilder();
        if (success)
            b.append(",SUCCESS");
        if (failure)
            b.append(",FAILURE");
        if (delay)
            b.append(",DELAY");
        return b.isEmpty() ? "NEVER" : b.substring(1);
    }
}
