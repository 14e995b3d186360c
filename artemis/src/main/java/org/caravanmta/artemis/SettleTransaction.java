package org.caravanmta.artemis;

import org.apache.activemq.artemis.core.paging.cursor.PagedReference;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.AckReason;
import org.apache.activemq.artemis.core.server.impl.RefsOperation;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;

/**
 * A broker transaction whose roll-back leaves the acknowledged messages in the hands of whoever took them, to be tried
 * again. The broker's own would put them back on their queue, and they would be delivered a second time.
 */
final class SettleTransaction extends TransactionImpl {

    SettleTransaction(StorageManager storage) {
        super(storage);
    }

    @Override
    public RefsOperation createRefsOperation(Queue queue, AckReason reason) {
        return new KeepTaken(queue, reason, storageManager);
    }

    private static final class KeepTaken extends RefsOperation {

        KeepTaken(Queue queue, AckReason reason, StorageManager storage) {
            super(queue, reason, storage);
        }

        @Override
        public void afterRollback(Transaction tx) {
            for (MessageReference reference : getReferencesToAcknowledge())
                if (reference instanceof PagedReference paged)
                    paged.removePendingFlag();
        }
    }
}
