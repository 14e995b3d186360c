package org.caravanmta.config.accounting;

import java.util.Locale;

/** What an accounting record tells. */
public enum RecordType {
    /** Delivered. */
    D('d', "d", "delivery"),
    /** Bounced, expired or deleted. */
    B('b', "b", "bounce"),
    /** A temporary failure of one recipient. */
    T('t', "t", "transient"),
    /** A temporary failure of a whole queue. */
    TQ('q', "tq", "transient-queue"),
    /** Received: accepted and stored. */
    R('r', "r", "receipt");

    private final char code;
    private final String word;
    private final String longWord;

    RecordType(char code, String word, String longWord) {
        this.code = code;
        this.word = word;
        this.longWord = longWord;
    }

    /** One character, for events. */
    public char code() {
        return code;
    }

    /** As it stands in the column {@code type}. */
    public String word() {
        return word;
    }

    /** The other name that an operator may write. */
    public String longWord() {
        return longWord;
    }

    /** @throws IllegalArgumentException there is no such type */
    public static RecordType ofCode(char code) {
        return switch (code) {
            case 'd' -> D;
            case 'b' -> B;
            case 't' -> T;
            case 'q' -> TQ;
            case 'r' -> R;
            default -> throw new IllegalArgumentException("found a record of type " + (int) code);
        };
    }

    /** By either name; null when there is none. */
    public static RecordType ofWord(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (RecordType t : values())
            if (t.word.equals(lower) || t.longWord.equals(lower))
                return t;
        return null;
    }

    @Override
    public String toString() {
        return word;
    }
}
