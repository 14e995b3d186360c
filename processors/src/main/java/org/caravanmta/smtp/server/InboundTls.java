package org.caravanmta.smtp.server;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.SSLException;

import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.tls.CipherNames;
import org.caravanmta.tls.TlsProvider;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;

/**
 * The certificate that is shown to clients now. Another one may take its place at any time: connections keep the one that
 * they began with. Any thread.
 */
public final class InboundTls {

    /** A client that wants to speak TLS has its first bytes ready; this is for slow networks. */
    static final Duration HANDSHAKE_AT_MOST = Duration.ofSeconds(30);

    /** Settings that TLS can be spoken with. */
    public static final class Ready {

        private final ServerTls settings;
        private final SslContext context;

        private Ready(ServerTls settings, SslContext context) {
            this.settings = settings;
            this.context = context;
        }
    }

    private final Supplier<TlsProvider> provider;
    private volatile Ready ready;

    /**
     * No TLS so far.
     *
     * @param provider asked when there is something to speak TLS with
     */
    public InboundTls(Supplier<TlsProvider> provider) {
        this.provider = provider;
    }

    /**
     * Changes nothing yet.
     *
     * @param settings null means no TLS
     * @throws SSLException the provider cannot speak TLS with these
     */
    public Ready prepare(ServerTls settings) throws SSLException {
        return settings == null ? null : new Ready(settings, context(settings));
    }

    /** From now on. */
    public synchronized void use(Ready prepared) {
        ready = prepared;
    }

    /** The same, but only where {@code before} is still in use. @return whether it was */
    public synchronized boolean replace(ServerTls before, Ready prepared) {
        boolean same = settings() == before;
        if (same)
            ready = prepared;
        return same;
    }

    /** What is in use; null: no TLS. */
    public ServerTls settings() {
        Ready now = ready;
        return now == null ? null : now.settings;
    }

    private SslContext context(ServerTls settings) throws SSLException {
        List<String> ciphers = new ArrayList<>(settings.ciphers());
        if (settings.protocols().contains("TLSv1.3"))
            ciphers.addAll(CipherNames.TLS13);
        return SslContextBuilder
                .forServer(settings.certificate().key(), settings.certificate().chain().toArray(new X509Certificate[0]))
                .sslProvider(provider.get().netty()).protocols(settings.protocols()).ciphers(ciphers).build();
    }

    boolean available() {
        return ready != null;
    }

    /**
     * What speaks TLS in one connection; null: nothing does. It ends the connection when the handshake fails or takes
     * too long.
     */
    SslHandler handler(ByteBufAllocator allocator, Duration commandTimeout) {
        Ready now = ready;
        if (now == null)
            return null;
        SslHandler handler = now.context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(
                (commandTimeout.compareTo(HANDSHAKE_AT_MOST) < 0 ? commandTimeout : HANDSHAKE_AT_MOST).toMillis());
        return handler;
    }
}
