package org.caravanmta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueNamesTest {

    @ParameterizedTest
    @ValueSource(strings = { "example.com", "[192.0.2.1]", "[IPv6:2001:db8::1]", "xn--bcher-kva.example", "a*b#c%d/e" })
    void aDestinationComesBackFromItsQueueName(String destination) {
        String queue = QueueNames.destination("mta1.east", destination);
        assertThat(QueueNames.destinationOf(queue, "mta1.east")).isEqualTo(destination);
        assertThat(queue).doesNotContainPattern("[*# ]");
    }

    @Test
    void aDottedVirtualMtaIsNeverMistakenForADestination() {
        assertThat(QueueNames.virtualMta("a.b")).isNotEqualTo(QueueNames.destination("a", "b"));
        assertThat(QueueNames.belongsTo(QueueNames.virtualMta("a.b"), "a")).isFalse();
        assertThat(QueueNames.belongsTo(QueueNames.destination("a", "b"), "a")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "mta1", "mta1.east", "{default}", "a*b#c%d e" })
    void aVirtualMtaComesBackFromItsQueueNames(String virtualMta) {
        assertThat(QueueNames.virtualMtaOf(QueueNames.virtualMta(virtualMta))).isEqualTo(virtualMta);
        assertThat(QueueNames.virtualMtaOf(QueueNames.destination(virtualMta, "example.com"))).isEqualTo(virtualMta);
    }

    @Test
    void aRetrySlotKnowsWhenItIsDue() {
        assertThat(QueueNames.due(QueueNames.retrySlot(1_790_000_000L))).isEqualTo(1_790_000_000L);
    }
}
