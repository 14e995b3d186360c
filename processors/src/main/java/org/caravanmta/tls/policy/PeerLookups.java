package org.caravanmta.tls.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.caravanmta.config.trust.PolicyTrust;
import org.caravanmta.dns.TxtLookup;
import org.caravanmta.dns.TxtLookup.Texts;
import org.caravanmta.tls.dane.DaneAnswer;
import org.caravanmta.tls.dane.DaneLookup;

/**
 * The DNS questions of policies. What asks them is made when it is needed first, and anew when the operator names other
 * name servers; questions under way then end as errors that pass. Any thread.
 */
final class PeerLookups implements AutoCloseable {

    private final Supplier<List<InetSocketAddress>> nameServers;
    private final PolicyTrust trust;
    private List<InetSocketAddress> txtServers;
    private TxtLookup txt;
    private List<InetSocketAddress> daneServers;
    private DaneLookup dane;

    PeerLookups(Supplier<List<InetSocketAddress>> nameServers, PolicyTrust trust) {
        this.nameServers = nameServers;
        this.trust = trust;
    }

    CompletionStage<Texts> texts(String name) {
        return txt().texts(name);
    }

    private synchronized TxtLookup txt() {
        List<InetSocketAddress> servers = nameServers.get();
        if (!servers.equals(txtServers)) {
            if (txt != null)
                txt.close();
            txt = new TxtLookup(servers);
            txtServers = servers;
        }
        return txt;
    }

    /** See {@link DaneLookup#ask}. Trust anchors that cannot be used are trouble. */
    CompletionStage<DaneAnswer> dane(String mxOf, String host, int port) {
        try {
            return dane().ask(mxOf, host, port);
        } catch (IOException | UncheckedIOException e) {
            return CompletableFuture.completedStage(new DaneAnswer.Trouble("DANE: trust anchors: " + e.getMessage()));
        }
    }

    private synchronized DaneLookup dane() throws IOException {
        List<InetSocketAddress> servers = nameServers.get();
        if (!servers.equals(daneServers)) {
            DaneLookup made = DaneLookup.of(servers, trust.trustAnchors());
            if (dane != null)
                dane.close();
            dane = made;
            daneServers = servers;
        }
        return dane;
    }

    @Override
    public synchronized void close() {
        if (txt != null)
            txt.close();
        if (dane != null)
            dane.close();
    }
}
