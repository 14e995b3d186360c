package org.caravanmta.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLException;

import org.caravanmta.config.tls.ClientTls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.ImmediateExecutor;

/**
 * Makes the client's side of TLS. The handshake takes any certificate: what it must be is compared by a
 * {@link PeerCheck} behind it, before anything is said to the host. Any thread.
 */
public final class TlsClient {

    private final TlsProvider provider;
    private final Map<ClientTls, SslContext> contexts = new ConcurrentHashMap<>();

    public TlsClient(TlsProvider provider) {
        this.provider = provider;
    }

    /** The JDK hands its heavy work out; BoringSSL is fast enough to do it at once. */
    private static final class Workers {
        static final Executor JDK = Executors.newFixedThreadPool(2,
                task -> Thread.ofPlatform().name("caravan-tls").daemon(true).unstarted(task));
    }

    public TlsProvider provider() {
        return provider;
    }

    /**
     * @param sni the name to ask the host for; an address is not said, but tells hosts apart whose sessions are resumed
     * @throws SSLException the settings cannot be had from the provider
     */
    public SslHandler handler(ByteBufAllocator alloc, ClientTls settings, String sni, int port) throws SSLException {
        SslHandler handler = context(settings).newHandler(alloc, sni, port,
                provider == TlsProvider.JDK ? Workers.JDK : ImmediateExecutor.INSTANCE);
        handler.setHandshakeTimeoutMillis(0); // the connection has its own deadline
        handler.setCloseNotifyFlushTimeoutMillis(1000);
        return handler;
    }

    private SslContext context(ClientTls settings) throws SSLException {
        SslContext known = contexts.get(settings);
        if (known != null)
            return known;
        SslContext made = make(settings);
        boolean forgetful = !settings.reuseSession() && provider == TlsProvider.JDK;
        if (forgetful)
            return made; // the JDK resumes what it can, so that each connection has a context of its own
        SslContext first = contexts.putIfAbsent(settings, made);
        return first == null ? made : first;
    }

    private SslContext make(ClientTls settings) throws SSLException {
        SslContextBuilder b = SslContextBuilder.forClient().sslProvider(provider.netty())
                .protocols(settings.protocols()).trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null);
        if (!settings.ciphers().isEmpty())
            b.ciphers(CipherNames.with13(settings.ciphers()));
        if (settings.certificate() != null)
            b.keyManager(settings.certificate().key(), settings.certificate().chain());
        SslContext context = b.build();
        if (!settings.reuseSession() && context.sessionContext() instanceof OpenSslSessionContext sessions)
            sessions.setSessionCacheEnabled(false);
        return context;
    }
}
