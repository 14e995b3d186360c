package org.caravanmta.artemis;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.security.impl.SecurityStoreImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.config.BrokerListener;
import org.caravanmta.config.BrokerListener.Protocol;
import org.caravanmta.config.BrokerUser;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.submission.broker.LetterCounts;

/** Where clients of the broker come in, by JMS, AMQP and STOMP, to hand mail in. None is open unless it is configured. */
public final class ClientDoors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClientDoors.class);

    private final ActiveMQServer server;
    private final LetterBox box;
    private final List<Acceptor> acceptors = new ArrayList<>();

    private ClientDoors(ActiveMQServer server, LetterBox box) {
        this.server = server;
        this.box = box;
    }

    /**
     * Reads letters, those of an earlier run first, and lets clients in.
     *
     * @param users asked at each login
     * @param tls   for the listeners that want it; may be null when none does
     * @throws IOException an address cannot be listened on
     */
    public static ClientDoors open(ArtemisMessageStore store, List<BrokerListener> listeners,
            Supplier<Map<String, BrokerUser>> users, ServerTls tls, LetterReader reader) throws IOException {
        ActiveMQServer server = store.broker().server();
        store.broker().guard().admit(users);
        server.registerBrokerPlugin(new SenderStamp());
        try {
            ClientDoors doors = new ClientDoors(server, new LetterBox(server, store.storeQueues(), reader));
            for (BrokerListener listener : listeners)
                doors.listen(listener, tls);
            return doors;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the broker takes no clients: " + e.getMessage(), e);
        }
    }

    private void listen(BrokerListener listener, ServerTls tls) throws Exception {
        Map<String, Object> params = new HashMap<>();
        params.put(TransportConstants.HOST_PROP_NAME, listener.address().getAddress().getHostAddress());
        params.put(TransportConstants.PORT_PROP_NAME, listener.address().getPort());
        params.put(TransportConstants.PROTOCOLS_PROP_NAME,
                listener.protocols().stream().map(ClientDoors::name).collect(Collectors.joining(",")));
        if (listener.tls())
            params.putAll(TlsParameters.of(tls));
        Acceptor acceptor = server.getRemotingService().createAcceptor(
                new TransportConfiguration(NettyAcceptorFactory.class.getName(), params, "clients " + listener));
        if (acceptor == null)
            throw new IOException("the broker cannot listen on " + listener);
        try {
            acceptor.start();
        } catch (Exception e) {
            throw new IOException("the broker cannot listen on " + listener + ": " + e.getMessage(), e);
        }
        acceptors.add(acceptor);
    }

    private static String name(Protocol protocol) {
        return protocol == Protocol.JMS ? "CORE" : protocol.name().toUpperCase(Locale.ROOT);
    }

    /** Real ports. */
    public List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Acceptor acceptor : acceptors)
            if (acceptor instanceof NettyAcceptor netty)
                addresses.add(new InetSocketAddress(
                        (String) netty.getConfiguration().get(TransportConstants.HOST_PROP_NAME),
                        netty.getActualPort()));
        return addresses;
    }

    /** Those of an earlier configuration do not get in any more. */
    public void usersChanged() {
        if (server.getSecurityStore() instanceof SecurityStoreImpl store) {
            store.invalidateAuthenticationCache();
            store.invalidateAuthorizationCache();
        }
    }

    public LetterCounts letters() {
        return box.counts();
    }

    /** Lets nobody in any more, and finishes the letters that are being read. */
    @Override
    public void close() {
        for (Acceptor acceptor : acceptors)
            try {
                acceptor.stop();
            } catch (Exception e) {
                LOG.warn("{} did not close", acceptor.getName(), e);
            }
        box.close();
    }
}
