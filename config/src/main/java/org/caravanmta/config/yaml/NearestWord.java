package org.caravanmta.config.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
public final class NearestWord {

    private NearestWord() {
    }

    /** The word that takes fewest edits; empty when none is near (at most a third of the letters, at least one). */
    public static Optional<String> of(String typed, Collection<String> words) {
        if (typed.length() > 60)
            return Optional.empty();
        String plain = plain(typed);
        return words.stream().min(Comparator.comparingInt((String w) -> edits(plain, plain(w)))
                .thenComparing(Comparator.naturalOrder()))
                .filter(w -> edits(plain, plain(w)) <= Math.max(1, Math.min(typed.length(), w.length()) / 3));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++)
            last[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1))
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
