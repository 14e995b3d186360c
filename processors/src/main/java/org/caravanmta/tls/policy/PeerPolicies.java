package org.caravanmta.tls.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.caravanmta.config.trust.PolicyTrust;
import org.caravanmta.dns.MxResolver;
import org.caravanmta.tls.dane.DaneAnswer;
import org.caravanmta.tls.dane.DaneLookup;
import org.caravanmta.tls.policy.HostVerdict.Demand;
import org.caravanmta.tls.sts.PolicyFetcher;
import org.caravanmta.tls.sts.StsPolicies;
import org.caravanmta.tls.sts.StsPolicy;
import org.caravanmta.tls.x509.PublicAuthorities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoopGroup;

/**
 * What holds for the hosts that take mail for a domain.
 * <p>
 * Where DANE holds at a host, it alone decides, whatever the MTA-STS policy says (RFC 8461 §2); only where its records
 * tell nothing of the certificate does the policy add its own demand. An enforced policy refuses hosts that it does not
 * name, and demands of the others a certificate for the host from a public authority. A policy in testing changes
 * nothing; a host that it does not name is told once in the log. Safe for any thread.
 */
public final class PeerPolicies implements AutoCloseable {

    private static final int MOST_TOLD = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(PeerPolicies.class);

    private final StsPolicies sts;
    private final Dane dane;
    private final Supplier<PublicAuthorities> authorities;
    private final Runnable closeLookups;
    private final Set<String> told = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_TOLD;
        }
    }));

    /** @param authorities asked when they are needed: to read those of the JDK takes a while */
    PeerPolicies(StsPolicies sts, Dane dane, Supplier<PublicAuthorities> authorities, Runnable closeLookups) {
        this.sts = sts;
        this.dane = dane;
        this.authorities = authorities;
        this.closeLookups = closeLookups;
    }

    /** See {@link DaneLookup#ask}. */
    @FunctionalInterface
    interface Dane {
        CompletionStage<DaneAnswer> ask(String mxOf, String host, int port);
    }

    /**
     * @param nameServers recursive ones, asked for anew each time; empty means the system's
     * @param resolver    finds the web servers of policies
     * @param loops       to fetch policies on
     * @param file        where policies are kept over a restart; need not exist
     * @param httpsPort   0 but in tests
     * @throws IOException the file cannot be read; without it enforced policies would be forgotten
     */
    public static PeerPolicies open(Supplier<List<InetSocketAddress>> nameServers, PolicyTrust trust,
            MxResolver resolver, EventLoopGroup loops, Path file, int httpsPort) throws IOException {
        PeerLookups lookups = new PeerLookups(nameServers, trust);
        StsPolicies sts = StsPolicies.open(lookups::texts,
                new PolicyFetcher(resolver, loops, trust.mtaStsAuthorities(), httpsPort), System::currentTimeMillis,
                file);
        return new PeerPolicies(sts, lookups::dane, new Authorities(trust.mtaStsAuthorities()),
                lookups::close);
    }

    /** Made when it is needed first. */
    private static final class Authorities implements Supplier<PublicAuthorities> {

        private final List<X509Certificate> trusted;
        private volatile PublicAuthorities made;

        Authorities(List<X509Certificate> trusted) {
            this.trusted = trusted;
        }

        @Override
        public PublicAuthorities get() {
            if (made == null)
                try {
                    made = new PublicAuthorities(trusted);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            return made;
        }
    }

    /**
     * A host that mail may go to.
     *
     * @param mxOf the domain whose MX it is; null when the operator named it
     */
    public record Host(String mxOf, String name, int port) {
    }

    /** One for each host. Never completes exceptionally. */
    public CompletionStage<Map<Host, HostVerdict>> ask(String domain, List<Host> hosts, boolean useDane,
            boolean useMtaSts) {
        CompletionStage<StsPolicy> policy = useMtaSts ? sts.policy(domain) : CompletableFuture.completedStage(null);
        Map<Host, CompletableFuture<DaneAnswer>> asked = new HashMap<>();
        for (Host h : hosts)
            asked.computeIfAbsent(h, _ -> useDane
                    ? dane.ask(h.mxOf, h.name, h.port).toCompletableFuture()
                    : CompletableFuture.completedFuture(DaneAnswer.NOT_USED));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new)).thenCombine(policy, (_, p) -> {
            Map<Host, HostVerdict> found = new HashMap<>();
            asked.forEach((h, a) -> found.put(h, verdict(domain, h, a.join(), p)));
            return found;
        });
    }

    private HostVerdict verdict(String domain, Host host, DaneAnswer answer, StsPolicy policy) {
        boolean enforced = policy != null && policy.mode() == StsPolicy.Mode.ENFORCE;
        return switch (answer) {
            case DaneAnswer.Trouble t -> HostVerdict.refused(t.why());
            case DaneAnswer.Demand d when d.verifier().authenticates() -> HostVerdict
                    .demand(new Demand("DANE", d.sni(), d.verifier()::mismatch));
            case DaneAnswer.Demand d when !enforced -> HostVerdict.demand(new Demand("DANE", d.sni(), null));
            case DaneAnswer.Demand _,DaneAnswer.NotUsed _ -> policy == null ? HostVerdict.FREE
                    : byPolicy(domain, host.name, policy);
        };
    }

    private HostVerdict byPolicy(String domain, String host, StsPolicy policy) {
        boolean allowed = policy.allows(host);
        if (policy.mode() == StsPolicy.Mode.ENFORCE)
            return allowed
                    ? HostVerdict.demand(new Demand("MTA-STS policy of " + domain, host,
                            (chain, _) -> authorities.get().mismatch(chain, host)))
                    : HostVerdict.refused("MTA-STS policy of " + domain + " does not name " + host);
        if (!allowed && told.add(domain + " " + host))
            LOG.warn("MTA-STS policy of {} (testing) does not name {}; mail goes there all the same", domain, host);
        return HostVerdict.FREE;
    }

    /** What is known is on disk afterwards. */
    @Override
    public void close() {
        sts.close();
        closeLookups.run();
    }
}
