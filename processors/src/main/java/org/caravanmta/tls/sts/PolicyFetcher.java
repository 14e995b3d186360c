package org.caravanmta.tls.sts;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.caravanmta.dns.MxResolver;
import org.caravanmta.dns.MxResolver.Route;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

/** Fetches policies from where RFC 8461 §3.2 puts them. The addresses of the host come from our own resolver. */
public final class PolicyFetcher implements PolicySource {

    private static final String PATH = "/.well-known/mta-sts.txt";
    private static final int HTTPS = 443;

    private final MxResolver resolver;
    private final EventLoopGroup loops;
    private final Collection<X509Certificate> authorities;
    private final int port;
    private final Duration timeout;
    private HttpsGet https;

    /**
     * @param authorities whom to trust; empty means whom the JDK trusts
     * @param port        0 for the one of HTTPS
     */
    public PolicyFetcher(MxResolver resolver, EventLoopGroup loops, Collection<X509Certificate> authorities, int port) {
        this(resolver, loops, authorities, port == 0 ? HTTPS : port, HttpsGet.TIMEOUT);
    }

    PolicyFetcher(MxResolver resolver, EventLoopGroup loops, Collection<X509Certificate> authorities, int port,
            Duration timeout) {
        this.resolver = resolver;
        this.loops = loops;
        this.authorities = authorities;
        this.port = port;
        this.timeout = timeout;
    }

    /** Made when it is needed first: to read the authorities takes a while. */
    private synchronized HttpsGet https() throws IOException {
        if (https == null)
            https = new HttpsGet(tls(authorities), port, timeout);
        return https;
    }

    private static SslContext tls(Collection<X509Certificate> authorities) throws IOException {
        SslContextBuilder tls = SslContextBuilder.forClient().sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2").endpointIdentificationAlgorithm("HTTPS");
        if (!authorities.isEmpty())
            tls.trustManager(authorities);
        return tls.build();
    }

    @Override
    public CompletionStage<Fetched> fetch(String domain) {
        String host = "mta-sts." + domain;
        return resolver.hostAddresses(host).thenCompose(route -> fetch(host, route)).exceptionally(PolicyFetcher::why);
    }

    private CompletionStage<Fetched> fetch(String host, Route route) {
        if (route.failure() != null)
            return CompletableFuture.completedStage(Fetched.failed(route.failure().text()));
        HttpsGet get;
        try {
            get = https();
        } catch (IOException e) {
            return CompletableFuture.failedStage(e);
        }
        return get.get(loops.next().next(), host, route.hosts().getFirst().addresses(), PATH)
                .thenApply(PolicyFetcher::read);
    }

    private static Fetched read(String text) {
        try {
            return Fetched.of(StsPolicy.parse(text));
        } catch (StsPolicy.MalformedException e) {
            return Fetched.failed("the file is no policy: " + e.getMessage());
        }
    }

    private static Fetched why(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return Fetched.failed(cause instanceof IOException ? cause.getMessage() : cause.toString());
    }
}
