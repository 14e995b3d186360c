package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;
import org.caravanmta.queue.QueueNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of the running broker that hold the promise of a 250; several of them are not the broker's defaults. */
class EmbeddedBrokerTest {

    @TempDir
    private Path home;
    private EmbeddedBroker broker;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(home, StoreFixture.SETTINGS, BrokerOptions.defaults().withJmx(false));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void everyWriteIsSyncedBeforeItCounts() {
        Configuration c = broker.server().getConfiguration();
        assertThat(c.isPersistenceEnabled()).isTrue();
        assertThat(c.isJournalDatasync()).isTrue();
        assertThat(c.isJournalSyncTransactional()).isTrue();
        assertThat(c.isJournalSyncNonTransactional()).isTrue();
        assertThat(c.isLargeMessageSync()).isTrue();
        assertThat(c.getJournalBufferTimeout_NIO()).isEqualTo(500_000);
        assertThat(c.getJournalBufferTimeout_AIO()).isEqualTo(500_000);
    }

    @Test
    void aFullMemoryPagesAndAFullDiskFailsAndNothingBlocks() {
        for (String address : new String[] { QueueNames.virtualMta("any"), QueueNames.retrySlot(1),
                QueueNames.EVENTS }) {
            AddressSettings s = settings(address);
            assertThat(s.getAddressFullMessagePolicy()).as(address).isEqualTo(AddressFullMessagePolicy.PAGE);
            assertThat(s.getDiskFullMessagePolicy()).as(address).isEqualTo(DiskFullMessagePolicy.FAIL);
        }
    }

    @Test
    void theBrokerItselfNeverDropsExpiresOrDeletesAnything() {
        for (String address : new String[] { QueueNames.virtualMta("any"), QueueNames.retrySlot(1),
                QueueNames.EVENTS }) {
            AddressSettings s = settings(address);
            assertThat(s.getMaxDeliveryAttempts()).as(address).isEqualTo(-1);
            assertThat(s.getDeadLetterAddress().toString()).as(address).isEqualTo(BrokerConfiguration.DEAD_LETTER);
            assertThat(s.getExpiryAddress().toString()).as(address).isEqualTo(BrokerConfiguration.EXPIRED);
            assertThat(s.isAutoDeleteQueues()).as(address).isFalse();
            assertThat(s.isAutoDeleteAddresses()).as(address).isFalse();
        }
        ActiveMQServer server = broker.server();
        for (String own : new String[] { BrokerConfiguration.DEAD_LETTER, BrokerConfiguration.EXPIRED })
            assertThat(server.locateQueue(own)).as(own).isNotNull();
    }

    @Test
    void nobodyCanConnectAndOnlyWeStopIt() {
        Configuration c = broker.server().getConfiguration();
        assertThat(c.getAcceptorConfigurations()).isEmpty();
        assertThat(broker.server().getRemotingService().getAcceptors()).isEmpty();
        assertThat(c.getCriticalAnalyzerPolicy()).isEqualTo(CriticalAnalyzerPolicy.LOG);
    }

    @Test
    void aSecondInstanceOnTheSameHomeIsRefusedAndTouchesNothing() throws Exception {
        Map<Path, FileTime> before = filesAtRest();
        assertThatThrownBy(
                () -> EmbeddedBroker.start(home, StoreFixture.SETTINGS, BrokerOptions.defaults().withJmx(false)))
                .isInstanceOf(HomeInUseException.class);
        assertThat(files()).isEqualTo(before);
        assertThat(broker.server().isActive()).isTrue();
    }

    private AddressSettings settings(String address) {
        return broker.server().getAddressSettingsRepository().getMatch(address);
    }

    /** The broker's own start goes on writing for a moment. */
    private Map<Path, FileTime> filesAtRest() throws Exception {
        Map<Path, FileTime> last;
        Map<Path, FileTime> now = files();
        do {
            last = now;
            Thread.sleep(300);
            now = files();
        } while (!now.equals(last));
        return now;
    }

    private Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path p : all.toList())
                times.put(p, Files.getLastModifiedTime(p));
        }
        return times;
    }
}
