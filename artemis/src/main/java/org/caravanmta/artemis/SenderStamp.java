package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;

/**
 * Writes on every message that a client sends who was logged in, over whatever the client wrote there. The broker's own
 * note of it does not exist for AMQP.
 */
final class SenderStamp implements ActiveMQServerMessagePlugin {

    private static final SimpleString SENDER = SimpleString.of("_CARAVAN_USER");

    @Override
    public void beforeSend(ServerSession session, Transaction tx, Message message, boolean direct,
            boolean noAutoCreateQueue) {
        String user = session.getValidatedUser();
        message.putExtraBytesProperty(SENDER, (user == null ? "" : user).getBytes(StandardCharsets.UTF_8));
    }

    /** Empty when it did not come from a client. */
    static String user(Message message) {
        try {
            byte[] user = message.getExtraBytesProperty(SENDER);
            return user == null ? "" : new String(user, StandardCharsets.UTF_8);
        } catch (RuntimeException _) {
            return "";
        }
    }
}
