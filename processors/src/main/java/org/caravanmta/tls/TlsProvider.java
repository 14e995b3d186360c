package org.caravanmta.tls;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Who computes TLS: BoringSSL, in a native library, where it is present and works; else the JDK. */
public enum TlsProvider {

    BORINGSSL("BoringSSL", SslProvider.OPENSSL), JDK("JDK", SslProvider.JDK);

    private static final Logger LOG = LoggerFactory.getLogger(TlsProvider.class);

    private final String words;
    private final SslProvider netty;

    TlsProvider(String words, SslProvider netty) {
        this.words = words;
        this.netty = netty;
    }

    /** The fastest one that is present and works; the same one for ever. Loads a native library when first asked. */
    public static TlsProvider fastest() {
        return Fastest.PROVIDER;
    }

    private static final class Fastest {
        static final TlsProvider PROVIDER = find();
    }

    private static TlsProvider find() {
        if (OpenSsl.isAvailable())
            return BORINGSSL;
        Throwable why = OpenSsl.unavailabilityCause();
        if (why instanceof ClassNotFoundException)
            LOG.debug("BoringSSL is not present");
        else
            LOG.warn("BoringSSL does not work here, the JDK computes TLS: {}", why.toString());
        return JDK;
    }

    /** As Netty asks for it. */
    public SslProvider netty() {
        return netty;
    }

    @Override
    public String toString() {
        return words;
    }
}
