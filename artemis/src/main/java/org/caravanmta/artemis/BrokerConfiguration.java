package org.caravanmta.artemis;

import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;

import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.io.aio.AIOSequentialFileFactory;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;

import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.queue.QueueNames;

/** Every setting of the embedded broker, and why. {@code EmbeddedBrokerTest} asserts those that hold the promise. */
final class BrokerConfiguration {

    static final String DEAD_LETTER = "dead-letter";
    static final String EXPIRED = "expired";

    /** Limit of one journal record: {@link MessageTranslator#INLINE_LIMIT} with properties and room. */
    static final int JOURNAL_BUFFER_BYTES = 1 << 20;
    /** One second of full load; bigger files cost more when they are first filled with zeros. */
    private static final int JOURNAL_FILE_BYTES = 16 << 20;
    /** Files kept for reuse (640 MB at most): a new one has to be zeroed and synced, a used one does not. */
    private static final int JOURNAL_POOL_FILES = 40;
    /** Must hold the largest inline message. */
    private static final int PAGE_BYTES = 4 << 20;
    private static final int RETRY_PAGE_BYTES = 1 << 20;

    private static final long MAX_ANSWERS_BYTES = 8 << 20;

    private BrokerConfiguration() {
    }

    static Configuration build(Path data, BrokerSettings settings, boolean jmx) {
        Configuration c = new ConfigurationImpl();
        c.setName("caravan");
        folders(c, data.toAbsolutePath());
        journal(c, data, Math.toIntExact(settings.journalBufferTimeout().toNanos()));
        memory(c, settings);
        threadsAndScans(c);
        management(c, jmx);
        clients(c, settings);
        return c;
    }

    private static void folders(Configuration c, Path data) {
        c.setJournalDirectory(data.resolve("journal").toString());
        c.setBindingsDirectory(data.resolve("bindings").toString());
        c.setPagingDirectory(data.resolve("paging").toString());
        c.setLargeMessagesDirectory(data.resolve("large-messages").toString());
        c.setNodeManagerLockDirectory(data.resolve("journal").toString());
        c.setCreateBindingsDir(true);
        c.setCreateJournalDir(true);
    }

    private static void journal(Configuration c, Path data, int bufferTimeoutNs) {
        c.setPersistenceEnabled(true);
        c.setJournalType(AIOSequentialFileFactory.isSupported(data.toFile()) ? JournalType.ASYNCIO : JournalType.NIO);
        c.setJournalDatasync(true);
        c.setJournalSyncTransactional(true);
        c.setJournalSyncNonTransactional(true);
        c.setLargeMessageSync(true);
        c.setJournalBufferTimeout_NIO(bufferTimeoutNs);
        c.setJournalBufferTimeout_AIO(bufferTimeoutNs);
        c.setPageSyncTimeout(bufferTimeoutNs);
        c.setJournalBufferSize_NIO(JOURNAL_BUFFER_BYTES);
        c.setJournalBufferSize_AIO(JOURNAL_BUFFER_BYTES);
        c.setJournalFileSize(JOURNAL_FILE_BYTES);
        c.setJournalMinFiles(4);
        c.setJournalPoolFiles(JOURNAL_POOL_FILES);
        c.setJournalCompactMinFiles(20);
        c.setJournalCompactPercentage(30);
        c.setPersistIDCache(true);
    }

    private static void memory(Configuration c, BrokerSettings settings) {
        long all = settings.globalMaxSizeBytes();
        c.setGlobalMaxSize(all);
        // New mail is refused long before (DiskSpace); this is the last stop, when even bounces would fill the disk.
        c.setMinDiskFree(Math.max(1, settings.minFreeSpaceBytes() / 4));
        c.setMaxDiskUsage(-1);
        c.setDiskScanPeriod(1000);
        // A backlog in one queue pages early, so that it does not push all others into paging.
        c.addAddressSetting("#", everywhere(Math.max(2 * PAGE_BYTES, all / 8)));
        // Nobody reads a retry slot before it is due: next to nothing of it belongs in memory.
        c.addAddressSetting(QueueNames.RETRY + "#", new AddressSettings().setMaxSizeBytes(2 * RETRY_PAGE_BYTES)
                .setPageSizeBytes(RETRY_PAGE_BYTES).setMaxReadPageBytes(RETRY_PAGE_BYTES)
                .setPrefetchPageBytes(RETRY_PAGE_BYTES / 4));
    }

    private static AddressSettings everywhere(long maxSizeBytes) {
        return new AddressSettings().setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setDiskFullMessagePolicy(DiskFullMessagePolicy.FAIL).setMaxSizeBytes(maxSizeBytes)
                .setPageSizeBytes(PAGE_BYTES).setMaxReadPageBytes(4 * PAGE_BYTES).setPrefetchPageBytes(PAGE_BYTES)
                .setMaxDeliveryAttempts(-1).setRedeliveryDelay(0).setDeadLetterAddress(SimpleString.of(DEAD_LETTER))
                .setExpiryAddress(SimpleString.of(EXPIRED)).setNoExpiry(true).setAutoCreateQueues(false)
                .setAutoCreateAddresses(false).setAutoDeleteQueues(false).setAutoDeleteAddresses(false)
                .setAutoDeleteCreatedQueues(false).setAutoCreateDeadLetterResources(false)
                .setAutoCreateExpiryResources(false).setSendToDLAOnNoRoute(false).setRedistributionDelay(-1)
                .setInitialQueueBufferSize(64);
    }

    private static void threadsAndScans(Configuration c) {
        c.setThreadPoolMaxSize(12);
        c.setScheduledThreadPoolMaxSize(2);
        c.setPageMaxConcurrentIO(4);
        c.setMessageExpiryScanPeriod(-1);
        c.setAddressQueueScanPeriod(-1);
        c.setConfigurationFileRefreshPeriod(-1);
        c.setCriticalAnalyzer(true);
        c.setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.LOG);
        c.setCriticalAnalyzerTimeout(60_000);
        c.setCriticalAnalyzerCheckPeriod(10_000);
    }

    /** Nobody until {@link ClientDoors} open; then those whom {@link ClientGuard} knows. */
    private static void clients(Configuration c, BrokerSettings settings) {
        c.setAcceptorConfigurations(Set.of());
        c.setSecurityEnabled(true);
        c.setClusterPassword(UUID.randomUUID().toString());
        c.setResolveProtocols(!settings.listeners().isEmpty());
        c.addAddressSetting(ClientGuard.SUBMIT,
                anycast(everywhere(Math.max(2 * PAGE_BYTES, settings.globalMaxSizeBytes() / 8))));
        // Whoever does not read answers loses them, and costs nobody anything.
        c.addAddressSetting(ClientGuard.REPLY + "#", anycast(everywhere(MAX_ANSWERS_BYTES))
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP).setAutoCreateQueues(true)
                .setAutoCreateAddresses(true));
    }

    private static AddressSettings anycast(AddressSettings settings) {
        return settings.setDefaultQueueRoutingType(RoutingType.ANYCAST)
                .setDefaultAddressRoutingType(RoutingType.ANYCAST);
    }

    private static void management(Configuration c, boolean jmx) {
        c.setWildcardRoutingEnabled(false);
        c.setSuppressSessionNotifications(true);
        c.setGracefulShutdownEnabled(false);
        c.setJMXManagementEnabled(jmx);
        c.setJMXNotificationEnabled(false);
        c.setMessageCounterEnabled(false);
    }
}
