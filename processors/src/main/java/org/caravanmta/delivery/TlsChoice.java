package org.caravanmta.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.tls.ClientTls;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.tls.TlsDemand;
import org.caravanmta.tls.x509.PublicAuthorities;

/**
 * What TLS a connection to a host is to have: the one place that decides it. Remembers hosts where TLS was only wished
 * for and failed: for a while they are spoken to without. Any thread.
 */
final class TlsChoice {

    static final Duration BROKEN = Duration.ofMinutes(15);
    private static final int MOST_BROKEN = 10_000;

    private static final class Authorities {
        static final PublicAuthorities OF_THE_JDK = ofTheJdk();

        private static PublicAuthorities ofTheJdk() {
            try {
                return new PublicAuthorities(List.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Map<InetSocketAddress, Long> brokenUntil = new LinkedHashMap<>();
    private volatile boolean anyBroken;

    TlsDemand of(ClientTls tls, Target target, long nowNanos) {
        if (tls.verify())
            return TlsDemand.required(tls, target.host(), "smtp-tls-verify",
                    (chain, _) -> Authorities.OF_THE_JDK.mismatch(chain, target.host()));
        if (tls.require())
            return TlsDemand.required(tls, target.host(), "require-starttls", null);
        return tls.use() && !broken(target.address(), nowNanos) ? TlsDemand.wished(tls, target.host())
                : TlsDemand.NEVER;
    }

    private boolean broken(InetSocketAddress host, long nowNanos) {
        if (!anyBroken)
            return false;
        synchronized (brokenUntil) {
            Long until = brokenUntil.get(host);
            if (until != null && until - nowNanos <= 0) {
                brokenUntil.remove(host);
                anyBroken = !brokenUntil.isEmpty();
                return false;
            }
            return until != null;
        }
    }

    /** TLS was wished for there, and failed. Says whether that is news. */
    boolean broken(InetSocketAddress host, Duration howLong, long nowNanos) {
        synchronized (brokenUntil) {
            boolean news = brokenUntil.put(host, nowNanos + howLong.toNanos()) == null;
            if (brokenUntil.size() > MOST_BROKEN)
                brokenUntil.remove(brokenUntil.keySet().iterator().next());
            anyBroken = true;
            return news;
        }
    }
}
