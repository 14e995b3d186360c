package org.caravanmta.vmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.caravanmta.config.VirtualMtaPool.Sticky;
import org.caravanmta.vmta.Selection.Chosen;
import org.junit.jupiter.api.Test;

class PoolTurnsTest {

    private static Chosen[] members(int n) {
        Chosen[] members = new Chosen[n];
        for (int m = 0; m < n; m++)
            members[m] = new Chosen("m" + m, "pool");
        return members;
    }

    /** The slow model: credits by name, the first of the richest is next. */
    @Test
    void randomWeightsTakeTurnsAsTheSlowModelSays() {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            int n = 1 + random.nextInt(6);
            long[] weights = random.longs(n, 1, 8).toArray();
            PoolRotation rotation = new PoolRotation(members(n), weights, MemberAvailability.ALL);
            Map<Integer, Long> credit = new HashMap<>();
            Map<String, Long> taken = new HashMap<>();
            long sum = 0;
            for (long w : weights)
                sum += w;
            for (long turn = 0; turn < 3 * sum; turn++) {
                for (int m = 0; m < n; m++)
                    credit.merge(m, weights[m], Long::sum);
                int next = 0;
                for (int m = 1; m < n; m++)
                    if (credit.get(m) > credit.get(next))
                        next = m;
                credit.merge(next, -sum, Long::sum);
                String got = rotation.next().virtualMta();
                assertThat(got).isEqualTo("m" + next);
                taken.merge(got, 1L, Long::sum);
            }
            for (int m = 0; m < n; m++)
                assertThat(taken).containsEntry("m" + m, 3 * weights[m]);
        }
    }

    @Test
    void membersThatAreNotAvailableArePassedOverUnlessAllAre() {
        Random random = new Random(12);
        for (int round = 0; round < 200; round++) {
            int n = 2 + random.nextInt(5);
            Set<String> down = new HashSet<>();
            PoolRotation rotation = new PoolRotation(members(n), random.longs(n, 1, 4).toArray(),
                    v -> !down.contains(v));
            for (int turn = 0; turn < 50; turn++) {
                down.clear();
                for (int m = 0; m < n; m++)
                    if (random.nextBoolean())
                        down.add("m" + m);
                String got = rotation.next().virtualMta();
                if (down.size() < n)
                    assertThat(down).doesNotContain(got);
            }
        }
    }

    @Test
    void onlyTheValuesOfAMemberThatGoesChangeTheirMember() {
        Set<String> down = new HashSet<>();
        StickyMembers sticky = new StickyMembers(new Sticky(null), members(4), new long[] { 1, 1, 1, 3 },
                v -> !down.contains(v));
        int[] shares = new int[4];
        for (int i = 0; i < 12_000; i++) {
            down.clear();
            String value = "user" + i + "@example.com";
            String before = sticky.member(value).virtualMta();
            shares[before.charAt(1) - '0']++;
            down.add("m1");
            if (before.equals("m1"))
                assertThat(sticky.member(value).virtualMta()).isNotEqualTo("m1");
            else
                assertThat(sticky.member(value).virtualMta()).isEqualTo(before);
        }
        assertThat(shares[3]).isBetween(5_700, 6_300);
        assertThat(shares[0]).isBetween(1_800, 2_200);
    }
}
