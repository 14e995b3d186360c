package org.caravanmta.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tallies by name. At most {@code most} names are kept; when there are more, the half with the fewest records becomes
 * part of {@link #others()}, so that the sum is always right. One thread.
 */
public final class Groups {

    /** A name and what was counted for it; an empty name: records without one. */
    public record Named(String name, Tally tally) {
    }

    /** Of a name; no domain is longer. */
    private static final int LONGEST = 255;

    private final int most;
    private final Map<String, Tally> tallies = new HashMap<>();
    private final Tally others = new Tally();
    private long folded;

    Groups(int most) {
        this.most = most;
    }

    void add(String name, Row row) {
        of(name == null ? "" : cut(name)).add(row);
    }

    /** What strangers make longer must not fill the memory. */
    static String cut(String name) {
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }

    private Tally of(String name) {
        Tally tally = tallies.get(name);
        if (tally == null) {
            if (tallies.size() >= most)
                fold();
            tally = new Tally();
            tallies.put(name, tally);
        }
        return tally;
    }

    private void fold() {
        List<Named> all = byWeight();
        for (Named n : all.subList(all.size() / 2, all.size())) {
            others.add(n.tally());
            tallies.remove(n.name());
            folded++;
        }
    }

    void add(Groups other) {
        other.tallies.forEach((name, tally) -> of(name).add(tally));
        others.add(other.others);
        folded += other.folded;
    }

    List<Named> byWeight() {
        return sorted(Comparator.comparingLong((Named n) -> n.tally().weight()).reversed()
                .thenComparing(Named::name));
    }

    List<Named> sorted(Comparator<Named> order) {
        List<Named> all = new ArrayList<>(tallies.size());
        tallies.forEach((name, tally) -> all.add(new Named(name, tally)));
        all.sort(order);
        return all;
    }

    Tally others() {
        return others;
    }

    /** How often a name was given up for others: above 0 the counts of small names may be too low. */
    long folded() {
        return folded;
    }
}
