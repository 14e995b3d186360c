package org.caravanmta.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.Jobs;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.delivery.SharedLimits.Most;
import org.caravanmta.throttle.LedgerPage;
import org.caravanmta.throttle.LimitLedger;

import io.netty.channel.EventLoopGroup;

/** The limits of all jobs that have mail, whatever VirtualMTAs it goes through. Any thread. */
final class SharedJobs {

    private static final class Shared {
        final SharedLimits limits;
        int users;

        Shared(SharedLimits limits) {
            this.limits = limits;
        }
    }

    private final EventLoopGroup loops;
    private final LimitLedger ledger;
    private final Map<String, Shared> byJob = new HashMap<>();
    private volatile Jobs jobs = Jobs.NONE;

    SharedJobs(EventLoopGroup loops, LimitLedger ledger) {
        this.loops = loops;
        this.ledger = ledger;
    }

    /** What was used of a limit still counts; who waits for one that is gone goes on. */
    synchronized void configured(CaravanConfig now) {
        jobs = now.jobs();
        byJob.forEach((job, shared) -> shared.limits.limit(most(job)));
    }

    boolean limited(String job) {
        return jobs.limited(job);
    }

    /** The limits of a job for one more VirtualMTA, until {@link #leave}. */
    synchronized SharedLimits enter(String job) {
        Shared shared = byJob.computeIfAbsent(job, this::create);
        shared.users++;
        return shared.limits;
    }

    private Shared create(String job) {
        return new Shared(new SharedLimits("job " + job, most(job), loops.next(), System::nanoTime,
                (executor, wake) -> new LedgerPage(ledger, "", job, "", executor, wake)));
    }

    synchronized void leave(String job) {
        Shared shared = byJob.get(job);
        if (--shared.users == 0) {
            byJob.remove(job);
            shared.limits.close();
        }
    }

    private Most most(String job) {
        VirtualMta.Limits limits = jobs.limits(job);
        return new Most(limits.maxSmtpMsgRate(), limits.maxSmtpDataVolumeRate(), limits.maxSmtpOut());
    }

    /** Jobs that a limit holds up just now, with its directive. */
    Map<String, String> heldUp() {
        Map<String, SharedLimits> all = new TreeMap<>();
        synchronized (this) {
            byJob.forEach((job, shared) -> all.put(job, shared.limits));
        }
        Map<String, String> held = new TreeMap<>();
        all.forEach((job, limits) -> {
            String directive = limits.binding();
            if (directive != null)
                held.put(job, directive);
        });
        return held;
    }
}
