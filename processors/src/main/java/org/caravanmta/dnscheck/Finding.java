package org.caravanmta.dnscheck;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one check of one source address came to.
 *
 * @param text what is so, in a sentence; empty where there is nothing to say
 * @param mend what would mend it, each a record in zone file form, or a command behind {@code #}; empty otherwise
 */
public record Finding(Result result, String text, List<String> mend) {

    /** From the best to the worst. */
    public enum Result {
        /** There is nothing to check. */
        NONE("-"),
        /** As it should be. */
        OK("ok"),
        /** An address that nobody sees from outside. */
        PRIVATE("private"),
        /** DNS could not say. */
        UNKNOWN("?"),
        /** Receivers will object. */
        FAULT("FAULT");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    static final Finding OK = new Finding(Result.OK, "", List.of());
    static final Finding NOTHING = new Finding(Result.NONE, "", List.of());

    static Finding fault(String text, String... mend) {
        return new Finding(Result.FAULT, text, List.of(mend));
    }

    static Finding unknown(String text) {
        return new Finding(Result.UNKNOWN, text, List.of());
    }

    static Finding notSeen(String text) {
        return new Finding(Result.PRIVATE, text, List.of());
    }

    /** Of several the worst result, and what all of them say. */
    static Finding all(List<Finding> findings) {
        Result worst = findings.stream().map(Finding::result).max(Result::compareTo).orElse(Result.NONE);
        List<Finding> telling = findings.stream().filter(f -> f.result == worst || f.result == Result.FAULT).toList();
        return new Finding(worst,
                String.join("; ", telling.stream().map(Finding::text).filter(t -> !t.isEmpty()).distinct().toList()),
                findings.stream().flatMap(f -> f.mend.stream()).distinct().toList());
    }

    Finding and(Finding other) {
        return all(Stream.of(this, other).toList());
    }
}
