package org.caravanmta.delivery;

import java.util.function.LongSupplier;

import org.caravanmta.config.VirtualMta;
import org.caravanmta.throttle.ConnectionPermits;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.LimitLedger;

import io.netty.channel.EventLoop;

/** What all members of a pool share. */
record PoolLimits(SharedLimits messages, ConnectionPermits connections) {

    static PoolLimits of(String pool, VirtualMta.Limits limits, EventLoop loop, LongSupplier clock,
            LimitLedger ledger) {
        return new PoolLimits(
                new SharedLimits("pool " + pool, most(limits), loop, clock,
                        (executor, wake) -> new LedgerPage(ledger, pool, "", "", executor, wake)),
                new ConnectionPermits("max-smtp-out of pool " + pool, limits.maxSmtpOut()));
    }

    void limit(VirtualMta.Limits now) {
        messages.limit(most(now));
        connections.limit(now.maxSmtpOut());
    }

    private static SharedLimits.Most most(VirtualMta.Limits limits) {
        return new SharedLimits.Most(limits.maxSmtpMsgRate(), limits.maxSmtpDataVolumeRate(), 0);
    }
}
