package org.caravanmta.bounce.category;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.bounce.CategoryPattern;

/**
 * An operator's {@code bounce-category-patterns}, ready to be asked: the first one that finds something in the reply or
 * in the status. Expressions whose required text is not there are not tried. Immutable; any thread.
 */
final class OwnPatterns {

    private final List<CategoryPattern> patterns;
    private final int[] requires; // index of the required text; −1 for none
    private final PieceSearch search;

    OwnPatterns(List<CategoryPattern> patterns) {
        this.patterns = patterns;
        Map<String, Integer> texts = new LinkedHashMap<>();
        requires = patterns.stream().map(p -> RequiredText.of(p.pattern().pattern()))
                .mapToInt(t -> t == null ? -1 : texts.computeIfAbsent(t, _ -> texts.size())).toArray();
        search = new PieceSearch(List.copyOf(texts.keySet()));
    }

    /** @return null when none finds anything */
    CategoryPattern first(String line, String status) {
        if (patterns.isEmpty())
            return null;
        BitSet there = new BitSet();
        search.search(line, (text, _, _) -> there.set(text));
        if (status != null)
            search.search(status, (text, _, _) -> there.set(text));
        for (int i = 0; i < requires.length; i++)
            if ((requires[i] < 0 || there.get(requires[i])) && finds(patterns.get(i), line, status))
                return patterns.get(i);
        return null;
    }

    private static boolean finds(CategoryPattern p, String line, String status) {
        return p.pattern().matcher(line).find() || status != null && p.pattern().matcher(status).find();
    }
}
