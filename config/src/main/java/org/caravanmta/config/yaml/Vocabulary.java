package org.caravanmta.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.yaml.snakeyaml.nodes.Node;

/**
 * The directives that one kind of block takes.
 *
 * @param block     the kind of block, in words
 * @param keys      directives with a value
 * @param blocks    names of the blocks within
 * @param elsewhere what to say about a word that is not known here but is a directive all the same; or empty
 */
public record Vocabulary(String block, List<Key<?>> keys, Set<String> blocks,
        Function<String, Optional<String>> elsewhere) {

    /** Every word this block takes, in alphabetical order, other spellings included. */
    public Set<String> words() {
        Set<String> words = new TreeSet<>(blocks);
        words.addAll(byWord().keySet());
        return words;
    }

    Map<String, Key<?>> byWord() {
        Map<String, Key<?>> map = new HashMap<>();
        for (Key<?> key : keys) {
            map.put(key.name(), key);
            key.alsoWritten().forEach(w -> map.put(w, key));
        }
        return map;
    }

    void refuse(Node at, String word, Problems problems) {
        Set<String> words = words();
        Optional<String> known = elsewhere.apply(word);
        String hint = known.orElseGet(() -> NearestWord.of(word, words).map(w -> "did you mean " + w + "?")
                .orElse("known here: " + String.join(", ", some(words))));
        problems.add(at, Problems.quote(word), "a directive of " + block, hint);
    }

    private static List<String> some(Set<String> words) {
        List<String> list = new ArrayList<>(words);
        return list.size() <= 12 ? list : plus(list.subList(0, 12));
    }

    private static List<String> plus(List<String> first) {
        List<String> list = new ArrayList<>(first);
        list.add("…");
        return list;
    }
}
