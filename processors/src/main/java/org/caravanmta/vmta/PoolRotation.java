package org.caravanmta.vmta;

import org.caravanmta.vmta.Selection.Chosen;

/**
 * Weighted round robin over the members of a pool: in any stretch each gets its share, spread evenly (smooth weighted
 * round robin: everybody's credit grows by its weight, the highest credit is next and pays the sum of all). With equal
 * weights this is plain round robin and takes constant time. Members that are not available are passed over and gain no
 * credit; when none is, all take part. One lock, held for some nanoseconds per member; any thread.
 */
final class PoolRotation {

    private final Chosen[] members;
    private final long[] weights;
    private final long[] credits;
    private final boolean equal;
    private final MemberAvailability availability;
    private int next;

    PoolRotation(Chosen[] members, long[] weights, MemberAvailability availability) {
        this.members = members;
        this.weights = weights;
        this.credits = new long[weights.length];
        this.availability = availability;
        boolean same = true;
        for (long w : weights)
            same &= w == weights[0];
        this.equal = same;
    }

    synchronized Chosen next() {
        return members[equal ? inTurn() : byCredit()];
    }

    private int inTurn() {
        int first = next;
        for (int i = 0; i < members.length; i++) {
            int m = (first + i) % members.length;
            if (availability.available(members[m].virtualMta())) {
                next = (m + 1) % members.length;
                return m;
            }
        }
        next = (first + 1) % members.length;
        return first;
    }

    private int byCredit() {
        int best = highest(false);
        return best >= 0 ? best : highest(true);
    }

    /** @return -1 when nobody takes part */
    private int highest(boolean everybody) {
        int best = -1;
        long sum = 0;
        for (int m = 0; m < members.length; m++) {
            if (!everybody && !availability.available(members[m].virtualMta()))
                continue;
            credits[m] += weights[m];
            sum += weights[m];
            if (best < 0 || credits[m] > credits[best])
                best = m;
        }
        if (best >= 0)
            credits[best] -= sum;
        return best;
    }
}
