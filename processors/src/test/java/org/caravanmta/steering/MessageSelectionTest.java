package org.caravanmta.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.junit.jupiter.api.Test;

class MessageSelectionTest {

    private static final long NOW = 1_000_000;
    private static final QueuePattern EVERY = QueuePattern.EVERY;
    private static final CaravanConfig CONFIG = Configs.of(List.of("mta1", "mta2"), Map.of("pool", "mta1"));

    private static QueuedMessage message(String reversePath, String job, String envId) {
        return new QueuedMessage("mta1", "x.example", reversePath,
                List.of(new Recipient("First@X.example"), new Recipient("second@x.example")), BodyType.SEVEN_BIT, false,
                job, envId, NOW - 5000, 0, "smtp", null, null, new MessageContent.Inline(new byte[0]));
    }

    private static boolean meant(MessageSelection selection) {
        return selection.matches(message("Sender@from.example", "spring", "e1"), CONFIG, NOW);
    }

    @Test
    void everythingThatIsSaidHasToHold() {
        assertThat(meant(MessageSelection.of(EVERY))).isTrue();
        assertThat(meant(MessageSelection.of(QueuePattern.parse("x.example/pool")))).isTrue();
        assertThat(meant(MessageSelection.of(QueuePattern.parse("*/mta2")))).isFalse();
        assertThat(meant(new MessageSelection(EVERY, "spring", "first@x.example", "sender@FROM.example", "e1", 5000)))
                .isTrue();
        assertThat(meant(new MessageSelection(EVERY, "spring", "SECOND@x.example", null, null, 0))).isTrue();
        assertThat(meant(new MessageSelection(EVERY, "Spring", null, null, null, 0))).isFalse();
        assertThat(meant(new MessageSelection(EVERY, "spring", "third@x.example", null, null, 0))).isFalse();
        assertThat(meant(new MessageSelection(EVERY, "spring", null, "other@from.example", null, 0))).isFalse();
        assertThat(meant(new MessageSelection(EVERY, "spring", null, "", null, 0))).isFalse();
        assertThat(meant(new MessageSelection(EVERY, "spring", null, null, "e2", 0))).isFalse();
        assertThat(meant(new MessageSelection(EVERY, "spring", null, null, null, 5001))).isFalse();
    }

    @Test
    void whatAMessageDoesNotHaveIsNeverMeant() {
        QueuedMessage bare = message(null, null, null);
        assertThat(new MessageSelection(EVERY, "spring", null, null, null, 0).matches(bare, CONFIG, NOW)).isFalse();
        assertThat(new MessageSelection(EVERY, null, null, null, "e1", 0).matches(bare, CONFIG, NOW)).isFalse();
        assertThat(new MessageSelection(EVERY, null, null, "a@b.example", null, 0).matches(bare, CONFIG, NOW))
                .isFalse();
        assertThat(new MessageSelection(EVERY, null, null, "", null, 0).matches(bare, CONFIG, NOW)).isTrue();
    }

    @Test
    void onlyQueuesMeansWholeQueues() {
        assertThat(MessageSelection.of(QueuePattern.parse("*/mta1")).wholeQueues()).isTrue();
        assertThat(new MessageSelection(EVERY, null, null, "", null, 0).wholeQueues()).isFalse();
        assertThat(new MessageSelection(EVERY, null, null, null, null, 1).wholeQueues()).isFalse();
    }

    @Test
    void readsAsItIsTyped() {
        assertThat(new MessageSelection(QueuePattern.parse("x.example/mta1"), "spring", "a@x.example", "", "e1",
                7_200_000))
                .hasToString("x.example/mta1 job spring rcpt a@x.example orig  env-id e1 older-than 7200s");
    }
}
