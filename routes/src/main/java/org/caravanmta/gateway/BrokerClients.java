package org.caravanmta.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

import org.apache.camel.CamelContext;
import org.caravanmta.artemis.ArtemisMessageStore;
import org.caravanmta.artemis.ClientDoors;
import org.caravanmta.config.BrokerUser;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.routes.LetterRoute;
import org.caravanmta.submission.broker.LetterCounts;
import org.caravanmta.submission.broker.LetterSubmission;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.Intake;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in by JMS, AMQP and STOMP; closed where no listener of the broker is configured. */
public final class BrokerClients implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerClients.class);
    private static final String SRC_TYPE = "jms";

    private final Supplier<CaravanConfig> config;
    private final ClientDoors doors;

    BrokerClients(CamelContext camel, Intake intake, ArtemisMessageStore store, Supplier<CaravanConfig> config)
            throws IOException {
        this.config = config;
        CaravanConfig now = config.get();
        LetterSubmission submission = new LetterSubmission(intake,
                new RouteSubmission(camel.createProducerTemplate(), LetterRoute.LETTER), this::handover);
        doors = now.broker().listeners().isEmpty() ? null
                : ClientDoors.open(store, now.broker().listeners(), () -> config.get().broker().users(),
                        now.serverTls(), submission::submit);
        for (InetSocketAddress address : addresses())
            LOG.info("clients of the broker are let in at {}", address);
    }

    /** Null for a user that there is no more. */
    private Handover handover(String user) {
        CaravanConfig now = config.get();
        BrokerUser known = now.broker().users().get(user);
        return known == null ? null
                : new Handover(now, now.sources().unconnected(known.source()), SRC_TYPE, "local", user, null, null,
                        null);
    }

    /** Real ports. */
    public List<InetSocketAddress> addresses() {
        return doors == null ? List.of() : doors.addresses();
    }

    /** Null where no client is let in. */
    public LetterCounts letters() {
        return doors == null ? null : doors.letters();
    }

    /** After a reload: other users, other passwords. */
    void usersChanged() {
        if (doors != null)
            doors.usersChanged();
    }

    @Override
    public void close() {
        if (doors != null)
            doors.close();
    }
}
