package org.caravanmta.artemis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import javax.security.auth.Subject;

import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;

import org.caravanmta.config.BrokerUser;

/**
 * Who may connect to the broker, and what they may do there: send mail in, and read their own answers. Everything else,
 * all queues of the gateway and the broker's management among it, is denied to everybody.
 */
final class ClientGuard implements ActiveMQSecurityManager5 {

    /** Where mail is sent to. */
    static final String SUBMIT = "caravan.submit";
    /** Behind it the name of a user, a dot and a name of the user's own: where answers may be sent to. */
    static final String REPLY = "caravan.reply.";

    /** Names of temporary queues: the protocols' clients and servers make them so. */
    private static final Pattern TEMPORARY = Pattern
            .compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private volatile Supplier<Map<String, BrokerUser>> users = Map::of;

    /** @param current asked at each login */
    void admit(Supplier<Map<String, BrokerUser>> current) {
        users = current;
    }

    @Override
    public Subject authenticate(String user, String password, RemotingConnection connection, String domain) {
        if (!validateUser(user, password))
            return null;
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal(user));
        return subject;
    }

    @Override
    public boolean authorize(Subject subject, Set<Role> roles, CheckType what, String address) {
        return subject.getPrincipals(UserPrincipal.class).stream().anyMatch(u -> may(u.getName(), what, address));
    }

    private boolean may(String user, CheckType what, String addressAndQueue) {
        if (!users.get().containsKey(user))
            return false;
        int queue = addressAndQueue.indexOf("::");
        String address = queue < 0 ? addressAndQueue : addressAndQueue.substring(0, queue);
        if (address.equals(SUBMIT))
            return what == CheckType.SEND;
        return answers(user, address) && switch (what) {
            case CONSUME, CREATE_ADDRESS, DELETE_ADDRESS, CREATE_DURABLE_QUEUE, DELETE_DURABLE_QUEUE,
                    CREATE_NON_DURABLE_QUEUE, DELETE_NON_DURABLE_QUEUE ->
                true;
            default -> false;
        };
    }

    /** Whether answers to letters of that user may go there. */
    static boolean answers(String user, String address) {
        return address.startsWith(REPLY + user + ".") || TEMPORARY.matcher(address).matches();
    }

    @Override
    public boolean validateUser(String user, String password) {
        BrokerUser known = user == null ? null : users.get().get(user);
        return known != null && password != null
                && MessageDigest.isEqual(bytes(known.password().reveal()), bytes(password));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Not asked where there are subjects. */
    @Override
    public boolean validateUserAndRole(String user, String password, Set<Role> roles, CheckType what) {
        return false;
    }
}
