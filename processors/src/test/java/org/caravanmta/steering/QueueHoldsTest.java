package org.caravanmta.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.steering.QueueHolds.Word;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueHoldsTest {

    private static final List<String> DOMAINS = List.of("*", "a.com", "x.a.com", "*.a.com", "[*.]a.com", "*.x.a.com",
            "b.org", "[192.0.2.1]");
    private static final List<String> DESTINATIONS = List.of("a.com", "x.a.com", "y.x.a.com", "b.org", "[192.0.2.1]",
            "other.net");
    private static final List<String> VIRTUAL_MTAS = List.of("m1", "m2", "m3");
    private static final List<String> NAMES = List.of("*", "m1", "m2", "m3", "p", "q");
    private static final CaravanConfig CONFIG = Configs.of(VIRTUAL_MTAS, Map.of("p", "m1 m2", "q", "m3"));
    /** What reloads may make of it: other members, no such pool, no such VirtualMTA. */
    private static final List<CaravanConfig> CONFIGS = List.of(CONFIG,
            Configs.of(VIRTUAL_MTAS, Map.of("p", "m3", "q", "m1 m3")),
            Configs.of(List.of("m1", "m3"), Map.of("q", "m1")),
            Configs.of(VIRTUAL_MTAS, Map.of()));

    private static QueuePattern queues(String text) {
        return QueuePattern.parse(text);
    }

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5 })
    void answersLikeTheWholeHistory(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            QueueHolds holds = QueueHolds.NONE;
            List<Word> history = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                QueuePattern queues = queues(any(DOMAINS, random) + "/" + any(NAMES, random));
                boolean pause = random.nextBoolean();
                holds = pause ? holds.pause(queues) : holds.resume(queues, any(CONFIGS, random));
                history.add(new Word(pause, queues));
                for (CaravanConfig config : CONFIGS)
                    assertSame(holds, history, config);
            }
            assertThat(holds.said()).hasSizeLessThanOrEqualTo(30).doesNotHaveDuplicates();
        }
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static void assertSame(QueueHolds holds, List<Word> history, CaravanConfig config) {
        for (String v : VIRTUAL_MTAS) {
            boolean all = true;
            for (String d : DESTINATIONS) {
                assertThat(holds.paused(d, v, config)).as("%s/%s after %s, kept as %s", d, v, history, holds.said())
                        .isEqualTo(naive(history, d, v, config));
                all &= holds.paused(d, v, config);
            }
            if (holds.pausedWhole(v, config))
                assertThat(all).as("all of %s after %s", v, history).isTrue();
        }
    }

    private static boolean naive(List<Word> history, String destination, String virtualMta, CaravanConfig config) {
        boolean paused = false;
        for (Word w : history)
            if (w.queues().matches(destination, virtualMta, config))
                paused = w.paused();
        return paused;
    }

    @Test
    void theLastWordCounts() {
        QueueHolds holds = QueueHolds.NONE.pause(queues("*/m1")).resume(queues("gmail.com/m1"), CONFIG);
        assertThat(holds.paused("gmail.com", "m1", CONFIG)).isFalse();
        assertThat(holds.paused("other.com", "m1", CONFIG)).isTrue();
        assertThat(holds.paused("other.com", "m2", CONFIG)).isFalse();
        assertThat(holds.pausedWhole("m1", CONFIG)).isFalse();
        assertThat(holds.pause(queues("gmail.com/m1")).pausedWhole("m1", CONFIG)).isTrue();
    }

    @Test
    void aWholeVirtualMtaIsPausedByItsPool() {
        QueueHolds holds = QueueHolds.NONE.pause(queues("*/p"));
        assertThat(holds.pausedWhole("m2", CONFIG)).isTrue();
        assertThat(holds.pausedWhole("m3", CONFIG)).isFalse();
        assertThat(holds.pausedWhole("m2", CONFIGS.get(1))).isFalse();
    }

    @Test
    void whatIsPointlessIsForgotten() {
        QueueHolds holds = QueueHolds.NONE.pause(queues("a.com/m1")).pause(queues("b.org/*")).pause(queues("*/m1"));
        assertThat(holds.said()).extracting(Word::toString).containsExactly("pause b.org/*", "pause */m1");
        assertThat(holds.resume(QueuePattern.EVERY, CONFIG).none()).isTrue();
        assertThat(QueueHolds.NONE.resume(queues("a.com/m1"), CONFIG).none()).isTrue();
        assertThat(QueueHolds.NONE.pause(queues("*/m1")).resume(queues("a.com/m2"), CONFIG).said()).hasSize(1);
    }
}
