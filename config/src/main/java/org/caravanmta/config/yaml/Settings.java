package org.caravanmta.config.yaml;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What one block says, and nothing else: a key that is not written is not here, so that blocks can be laid over each
 * other. Immutable. Two blocks are never equal, even when they say the same.
 */
public final class Settings {

    public static final Settings NONE = new Settings(Map.of());

    private final Map<Key<?>, Object> said;

    /** Values must have come from their keys' shapes. */
    Settings(Map<Key<?>, Object> said) {
        this.said = Map.copyOf(said);
    }

    /** What is said, else the default of the key. */
    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) {
        Object value = said.get(key);
        return value == null ? key.byDefault() : (T) value;
    }

    public boolean says(Key<?> key) {
        return said.containsKey(key);
    }

    /** The blocks laid over each other; later ones win. */
    public static Settings merge(Collection<Settings> fromGeneralToSpecific) {
        if (fromGeneralToSpecific.size() == 1)
            return fromGeneralToSpecific.iterator().next();
        Map<Key<?>, Object> all = new HashMap<>();
        fromGeneralToSpecific.forEach(s -> all.putAll(s.said));
        return new Settings(all);
    }
}
