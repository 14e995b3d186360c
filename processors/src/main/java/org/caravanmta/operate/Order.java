package org.caravanmta.operate;

import org.caravanmta.steering.MessageSelection;

/**
 * What is to be done with some queued messages. They are moved to a queue of the order's own, and from there on.
 *
 * @param number unique within a home
 * @param to     where {@link Kind#MOVE} moves them: a VirtualMTA or a pool; else null
 */
record Order(long number, Kind kind, MessageSelection selection, String to) {

    enum Kind {
        /** Ended with a record. */
        DELETE,
        /** Tried at once. */
        RETRY,
        /** Through another VirtualMTA. */
        MOVE,
        /** Ended with a record, for its time is over. Nobody says that. */
        EXPIRE,
        /** Kept until released; mail that still comes is kept too. */
        HOLD
    }

    Order released() {
        return new Order(number, Kind.RETRY, selection, null);
    }
}
