package org.caravanmta.config.yaml;

import java.util.List;

import org.caravanmta.config.value.Misunderstood;

/**
 * A directive with one value.
 *
 * @param name        as written in the file
 * @param written     its default as it would be written; null when there is none
 * @param byDefault   its default; null when there is none
 * @param alsoWritten other names of the same directive
 */
public record Key<T>(String name, Shape<T> shape, String written, T byDefault, List<String> alsoWritten) {

    /** A directive with a default. */
    public static <T> Key<T> of(String name, Shape<T> shape, String written, String... alsoWritten) {
        try {
            return new Key<>(name, shape, written, shape.ofText(written), List.of(alsoWritten));
        } catch (Misunderstood e) {
            throw new IllegalArgumentException("default of " + name + ": " + e.getMessage(), e);
        }
    }

    /** A directive without a default. */
    public static <T> Key<T> of(String name, Shape<T> shape) {
        return new Key<>(name, shape, null, null, List.of());
    }

    @Override
    public String toString() {
        return name;
    }
}
