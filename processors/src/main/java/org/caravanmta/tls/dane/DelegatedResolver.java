package org.caravanmta.tls.dane;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;

/** Another one under this name. */
class DelegatedResolver implements Resolver {

    private final Resolver to;

    DelegatedResolver(Resolver to) {
        this.to = to;
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return to.sendAsync(query, executor);
    }

    @Override
    public void setPort(int port) {
        to.setPort(port);
    }

    @Override
    public void setTCP(boolean tcp) {
        to.setTCP(tcp);
    }

    @Override
    public void setIgnoreTruncation(boolean ignore) {
        to.setIgnoreTruncation(ignore);
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        to.setEDNS(version, payloadSize, flags, options);
    }

    @Override
    public void setTSIGKey(TSIG key) {
        to.setTSIGKey(key);
    }

    @Override
    public void setTimeout(Duration timeout) {
        to.setTimeout(timeout);
    }

    @Override
    public Duration getTimeout() {
        return to.getTimeout();
    }
}
