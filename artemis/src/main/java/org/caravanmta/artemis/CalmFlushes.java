package org.caravanmta.artemis;

import org.apache.activemq.artemis.core.journal.Journal;
import org.apache.activemq.artemis.core.persistence.StorageManager;

/**
 * A few synced records that mean nothing, before anything else runs. The journal's buffer judges by its first twenty
 * flushes whether the machine can sleep as short as the buffer timeout; when these fall into a busy moment it spins for
 * good, which costs an eighth of the throughput (docs/design/performance.md). Here they fall into a calm one.
 */
final class CalmFlushes {

    private static final int FLUSHES = 30;
    private static final byte NO_RECORD = 0;

    private CalmFlushes() {
    }

    /** Blocks for about 30 flushes to the disk. What is written is rolled back at once. */
    static void write(StorageManager storage) throws Exception {
        Journal journal = storage.getMessageJournal();
        for (int i = 0; i < FLUSHES; i++) {
            long id = storage.generateID();
            journal.appendAddRecordTransactional(id, id, NO_RECORD, new byte[1]);
            journal.appendRollbackRecord(id, true);
        }
    }
}
