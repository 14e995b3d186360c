package org.caravanmta.bounce.category;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds all of many pieces in one pass over a text (A. V. Aho and M. J. Corasick, 1975): each character is one step in a
 * table, however many pieces there are. Case does not matter. Immutable; any thread.
 */
final class PieceSearch {

    /** Called for every occurrence, in the order in which they end. */
    interface Found {
        /**
         * @param piece its index
         * @param start of its first character
         * @param end   behind its last one
         */
        void at(int piece, int start, int end);
    }

    private static final int[] NONE = {};

    private final short[] letterOf = new short[Character.MAX_VALUE + 1];
    private final int letters;
    private final int[] next;
    private final int[][] ends;
    private final int[] lengths;

    /** @param pieces lower case, none of them empty */
    PieceSearch(List<String> pieces) {
        letters = alphabet(pieces);
        lengths = pieces.stream().mapToInt(String::length).toArray();
        List<List<Integer>> own = new ArrayList<>();
        int[] trie = trie(pieces, own);
        int[] fallback = new int[own.size()];
        ends = new int[own.size()][];
        next = complete(trie, fallback, own);
    }

    private int alphabet(List<String> pieces) {
        short known = 1;
        for (String p : pieces)
            for (char c : p.toCharArray())
                if (letterOf[c] == 0)
                    letterOf[c] = known++;
        for (char c = 0; c < Character.MAX_VALUE; c++)
            if (letterOf[c] == 0)
                letterOf[c] = letterOf[Character.toLowerCase(c)];
        return known;
    }

    private int[] trie(List<String> pieces, List<List<Integer>> own) {
        int[] trie = new int[(1 + Arrays.stream(lengths).sum()) * letters];
        own.add(new ArrayList<>());
        for (int p = 0; p < pieces.size(); p++) {
            int state = 0;
            for (char c : pieces.get(p).toCharArray()) {
                int at = state * letters + letterOf[c];
                if (trie[at] == 0) {
                    trie[at] = own.size();
                    own.add(new ArrayList<>());
                }
                state = trie[at];
            }
            own.get(state).add(p);
        }
        return Arrays.copyOf(trie, own.size() * letters);
    }

    /** Breadth first, so that the state to fall back to is complete before those that fall back to it. */
    private int[] complete(int[] trie, int[] fallback, List<List<Integer>> own) {
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(0));
        while (!open.isEmpty()) {
            int state = open.poll();
            int[] inherited = state == 0 ? NONE : ends[fallback[state]];
            int[] all = Arrays.copyOf(inherited, inherited.length + own.get(state).size());
            for (int i = inherited.length; i < all.length; i++)
                all[i] = own.get(state).get(i - inherited.length);
            ends[state] = all.length == 0 ? NONE : all;
            for (int letter = 0; letter < letters; letter++) {
                int at = state * letters + letter;
                int through = state == 0 ? 0 : trie[fallback[state] * letters + letter];
                if (trie[at] == 0) {
                    trie[at] = through;
                } else {
                    fallback[trie[at]] = through;
                    open.add(trie[at]);
                }
            }
        }
        return trie;
    }

    /** @return how many steps it took: one for each character, and one for each occurrence */
    int search(String text, Found found) {
        int state = 0;
        int steps = text.length();
        for (int i = 0; i < text.length(); i++) {
            state = next[state * letters + letterOf[text.charAt(i)]];
            int[] here = ends[state];
            steps += here.length;
            for (int piece : here)
                found.at(piece, i + 1 - lengths[piece], i + 1);
        }
        return steps;
    }
}
