package org.caravanmta.config.yaml;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What one block says, and nothing else: a key that is not written is not here, so that blocks can be laid over each
 * other. Knows where each value was written. Immutable. Two blocks are never equal, even when they say the same.
 *
 * <p>
 * Kept in arrays and searched from front to back: blocks are short and there may be a hundred thousand of them, so a map
 * of values with their places would cost three times the memory.
 */
public final class Settings {

    public static final Settings NONE = new Settings(Map.of());

    private final Key<?>[] keys;
    private final Object[] values;
    private final int[] lines;
    private final String[] files; // one for each key, or a single one when all are the same

    /** Where a value is written; lines count from 1. */
    public record Place(String file, int line) {

        public static Place of(Node node) {
            Mark mark = node.getStartMark();
            return new Place(mark.getName(), mark.getLine() + 1);
        }

        /** {@code file:line}. */
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** A value, which must have come from its key's shape, and its place. */
    record Said(Object value, Place place) {
    }

    Settings(Map<Key<?>, Said> said) {
        keys = said.keySet().toArray(new Key<?>[0]);
        values = said.values().stream().map(Said::value).toArray();
        lines = said.values().stream().mapToInt(s -> s.place().line()).toArray();
        String[] all = said.values().stream().map(s -> s.place().file()).toArray(String[]::new);
        files = Arrays.stream(all).distinct().count() == 1 ? new String[] { all[0] } : all;
    }

    /** What is said, else the default of the key. */
    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) {
        int i = indexOf(key);
        return i < 0 ? key.byDefault() : (T) values[i];
    }

    public boolean says(Key<?> key) {
        return indexOf(key) >= 0;
    }

    /** Where the value of a key is written; null when it is not said. */
    public Place place(Key<?> key) {
        int i = indexOf(key);
        return i < 0 ? null : new Place(files[files.length == 1 ? 0 : i], lines[i]);
    }

    /** The blocks laid over each other; later ones win. */
    public static Settings merge(Collection<Settings> fromGeneralToSpecific) {
        if (fromGeneralToSpecific.size() == 1)
            return fromGeneralToSpecific.iterator().next();
        Map<Key<?>, Said> all = new LinkedHashMap<>();
        for (Settings s : fromGeneralToSpecific)
            for (Key<?> key : s.keys)
                all.put(key, new Said(s.get(key), s.place(key)));
        return new Settings(all);
    }

    private int indexOf(Key<?> key) {
        for (int i = 0; i < keys.length; i++)
            if (keys[i] == key)
                return i;
        return -1;
    }
}
