package org.caravanmta.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.caravanmta.artemis.ArtemisMessageStore;
import org.caravanmta.artemis.BrokerOptions;
import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.queue.QueueNames;

/**
 * What a stopped gateway has on its queues: opens them as the next start would.
 *
 * @param queued  recipients that wait
 * @param parked  recipients that are parked
 * @param reasons of the parked messages
 */
record LeftBehind(List<String> queued, List<String> parked, List<String> reasons) {

    private static final BrokerSettings SETTINGS = new BrokerSettings(Duration.ofNanos(500_000), 256L << 20, 1 << 20,
            List.of(), Map.of());

    static LeftBehind of(Path home) {
        List<String> queued = new ArrayList<>();
        List<String> parked = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        try (var store = ArtemisMessageStore.open(home, SETTINGS, BrokerOptions.defaults().withJmx(false))) {
            for (String prefix : List.of(QueueNames.VMTA, QueueNames.RETRY, QueueNames.ORDER))
                for (String queue : store.queues(prefix))
                    store.browse(queue, (m, reason) -> m.recipients().forEach(r -> queued.add(r.address())));
            store.browse(QueueNames.PARKED, (m, reason) -> {
                m.recipients().forEach(r -> parked.add(r.address()));
                reasons.add(reason);
            });
        }
        return new LeftBehind(queued, parked, reasons);
    }
}
