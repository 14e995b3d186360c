package org.caravanmta.vmta;

import org.caravanmta.config.VirtualMtaPool.Sticky;
import org.caravanmta.vmta.Selection.Chosen;

/**
 * The member that mail of one value stays with: weighted rendezvous hashing. Each member draws a number from the value
 * and its own name, the highest wins; so a value changes its member only when that member goes or comes, and a member
 * that goes leaves its values to all others by their weights. Values are compared without regard to case. Immutable.
 */
final class StickyMembers {

    private final Sticky by;
    private final Chosen[] members;
    private final long[] seeds;
    private final double[] weights;
    private final MemberAvailability availability;

    StickyMembers(Sticky by, Chosen[] members, long[] weights, MemberAvailability availability) {
        this.by = by;
        this.members = members;
        this.weights = new double[weights.length];
        this.seeds = new long[weights.length];
        for (int m = 0; m < members.length; m++) {
            this.weights[m] = weights[m];
            this.seeds[m] = hash(members[m].virtualMta());
        }
        this.availability = availability;
    }

    Sticky by() {
        return by;
    }

    /** When no member is available, the one that the value belongs to. */
    Chosen member(String value) {
        long hash = hash(value);
        int best = highest(hash, false);
        return members[best >= 0 ? best : highest(hash, true)];
    }

    private int highest(long hash, boolean everybody) {
        int best = -1;
        double highest = 0;
        for (int m = 0; m < members.length; m++) {
            if (!everybody && !availability.available(members[m].virtualMta()))
                continue;
            double drawn = ((mix(hash ^ seeds[m]) >>> 11) + 0.5) * 0x1p-53; // 0 < drawn < 1
            double score = -weights[m] / Math.log(drawn);
            if (best < 0 || score > highest) {
                best = m;
                highest = score;
            }
        }
        return best;
    }

    /** FNV-1a over the characters in lower case, then mixed: the same on every machine and after every restart. */
    private static long hash(String text) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            h ^= Character.toLowerCase(Character.toUpperCase(text.charAt(i)));
            h *= 0x100000001b3L;
        }
        return mix(h);
    }

    /** The finisher of SplitMix64. */
    private static long mix(long z) {
        long x = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }
}
