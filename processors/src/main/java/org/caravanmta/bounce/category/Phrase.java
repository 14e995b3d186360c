package org.caravanmta.bounce.category;

import java.util.ArrayList;
import java.util.List;

/**
 * What a rule looks for: pieces of text that must follow each other. Case does not matter. {@code *} stands for anything
 * or nothing; a piece begins and ends at the border of a word, unless a {@code *} touches it there.
 *
 * @param pieces at least one
 */
record Phrase(List<Piece> pieces) {

    /** @param wordStart whether no letter or digit may stand before it */
    record Piece(String text, boolean wordStart, boolean wordEnd) {
    }

    static Phrase parse(String written) {
        List<Piece> pieces = new ArrayList<>();
        String[] parts = written.split("\\*", -1);
        for (int i = 0; i < parts.length; i++) {
            String text = parts[i].strip().toLowerCase(java.util.Locale.ROOT);
            if (text.isEmpty())
                continue;
            pieces.add(new Piece(text, letter(text.charAt(0)) && (i == 0 || blank(parts[i].charAt(0))),
                    letter(text.charAt(text.length() - 1))
                            && (i == parts.length - 1 || blank(parts[i].charAt(parts[i].length() - 1)))));
        }
        if (pieces.isEmpty())
            throw new IllegalArgumentException("a phrase without words: " + written);
        return new Phrase(List.copyOf(pieces));
    }

    private static boolean blank(char c) {
        return c == ' ';
    }

    private static boolean letter(char c) {
        return Character.isLetterOrDigit(c);
    }
}
