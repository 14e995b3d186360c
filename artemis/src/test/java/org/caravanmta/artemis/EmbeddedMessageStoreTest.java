package org.caravanmta.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import org.caravanmta.queue.EventLog;
import org.caravanmta.queue.MessageStore;

/** The contract on the embedded broker; after each test no file of a large message is left over. */
class EmbeddedMessageStoreTest extends MessageStoreContractTest {

    @TempDir
    private Path home;
    private ArtemisMessageStore store;

    @Override
    MessageStore openStore() {
        store = ArtemisMessageStore.open(home, StoreFixture.SETTINGS, BrokerOptions.defaults().withJmx(false));
        return store;
    }

    @Override
    EventLog events() {
        return store.events();
    }

    @AfterEach
    void noLargeFileIsLeft() {
        await().untilAsserted(() -> assertThat(largeFiles()).isZero());
    }

    private long largeFiles() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("broker/large-messages"))) {
            return files.count();
        }
    }
}
