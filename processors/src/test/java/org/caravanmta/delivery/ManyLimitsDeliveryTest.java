package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.SoftAssertions;
import org.caravanmta.config.Cidr;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.DomainSettings.Limits;
import org.caravanmta.config.DomainSettings.SourceLimits;
import org.caravanmta.config.Rate;
import org.caravanmta.config.SourceValue;
import org.caravanmta.config.VirtualMta;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Twenty VirtualMTAs with limits of every kind at the same time; each has a receiver that counts for itself. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyLimitsDeliveryTest {

    private static final int VIRTUAL_MTAS = 20;
    private static final int MESSAGES = 120;
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** The machine may be slow for a moment: some window of this length must show the use of a limit. */
    private static final Duration SPAN = Duration.ofMillis(4400);
    private static final Rate UNLIMITED = Rate.UNLIMITED;

    private enum Kind {
        CONNECTIONS, MESSAGES_PER_CONNECTION, MESSAGE_RATE, DATA_VOLUME, CONNECT_RATE, SOURCE_RATE, ALL_CONNECTIONS, ALL_MESSAGES;

        DomainSettings settings(int port) {
            boolean connects = this == CONNECT_RATE;
            Limits limits = new Limits(this == DATA_VOLUME ? new Rate(315, SECOND) : UNLIMITED,
                    connects ? new Rate(15, SECOND) : UNLIMITED, Duration.ZERO, 0,
                    this == SOURCE_RATE
                            ? new SourceLimits(List.of(),
                                    List.of(new SourceValue<>(Cidr.ALL_V4, new Rate(15, SECOND))), List.of(), List.of())
                            : SourceLimits.NONE);
            return DeliveryFixture.with(
                    DeliveryFixture.to("127.0.0.2", port, this == CONNECTIONS ? 2 : 20,
                            this == MESSAGE_RATE ? new Rate(15, SECOND) : UNLIMITED, SECOND, Duration.ofHours(1)),
                    connects ? 1 : this == MESSAGES_PER_CONNECTION ? 5 : 0, limits);
        }

        VirtualMta.Limits shared() {
            return new VirtualMta.Limits(this == ALL_CONNECTIONS ? 2 : 0,
                    this == ALL_MESSAGES ? new Rate(15, SECOND) : UNLIMITED, UNLIMITED);
        }
    }

    private final DeliveryFixture gateway = new DeliveryFixture();
    private final List<TestMx> receivers = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        for (TestMx mx : receivers)
            mx.close();
    }

    private static Kind kind(int virtualMta) {
        return Kind.values()[virtualMta % Kind.values().length];
    }

    @Test
    void everyLimitIsKeptAndUsed() throws Exception {
        for (int v = 0; v < VIRTUAL_MTAS; v++) {
            TestMx mx = new TestMx("127.0.0.2", r -> null);
            receivers.add(mx);
            gateway.virtualMta("mta" + v, "127.0.1." + (v + 1), kind(v).shared());
            gateway.settings.put("a" + v + ".example", kind(v).settings(mx.port()));
            gateway.settings.put("b" + v + ".example", kind(v).settings(mx.port()));
        }
        gateway.start();
        for (int i = 0; i < MESSAGES; i++)
            for (int v = 0; v < VIRTUAL_MTAS; v++) {
                boolean second = i % 2 == 1 && kind(v).compareTo(Kind.ALL_CONNECTIONS) >= 0;
                gateway.enqueue("mta" + v, i + "@" + (second ? "b" : "a") + v + ".example");
            }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(receivers)
                .allSatisfy(mx -> assertThat(mx.received).hasSize(MESSAGES)));
        SoftAssertions all = new SoftAssertions();
        for (int v = 0; v < VIRTUAL_MTAS; v++)
            check(all, kind(v), receivers.get(v));
        all.assertAll();
    }

    private static void check(SoftAssertions all, Kind kind, TestMx mx) {
        List<Windows.Event> messages = mx.received.stream().map(r -> new Windows.Event(r.atNanos(), 1)).toList();
        List<Windows.Event> events = kind == Kind.CONNECT_RATE
                ? mx.opened.stream().map(o -> new Windows.Event(o.atNanos(), 1)).toList()
                : messages;
        switch (kind) {
            case CONNECTIONS, ALL_CONNECTIONS -> all.assertThat(mx.maxOpen.get()).as("%s", kind).isEqualTo(2);
            case MESSAGES_PER_CONNECTION -> all.assertThat(mx.mostMessages.get()).as("%s", kind).isEqualTo(5);
            case MESSAGE_RATE, DATA_VOLUME, CONNECT_RATE, SOURCE_RATE, ALL_MESSAGES -> {
                all.assertThat(Windows.most(events, SECOND)).as("%s kept", kind).isEqualTo(15);
                all.assertThat(Windows.most(events, SPAN)).as("%s used", kind).isGreaterThanOrEqualTo(60);
            }
        }
    }
}
