package org.caravanmta.tls.sts;

import java.io.IOException;
import java.net.IDN;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.caravanmta.dns.TxtLookup.Texts;
import org.caravanmta.tls.sts.PolicySource.Fetched;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of domains, as they are known now. A domain's TXT record is asked for at most once in
 * {@link #ASKED_AGAIN_MS}; its policy is fetched when the record names another one, and again before its time is over.
 * Who asks again soon does not wait for that: a slow web server of one domain holds up no mail of others.
 * <p>
 * A policy whose time is not over holds whatever DNS and HTTPS say (RFC 8461 §5.1), also after a restart.
 * <p>
 * One fetch at a time for a domain; after a failed one the next is {@link #FAILED_FETCH_MS} later (RFC 8461 §3.3). Safe
 * for any thread; answers come on the caller's thread or that of DNS or HTTPS. The file is written by the thread
 * {@code mta-sts}, which also renews policies of domains that have no mail just now.
 */
public final class StsPolicies implements AutoCloseable {

    static final long ASKED_AGAIN_MS = 60_000;
    /** Who asks within this time is answered with what is known, and does not wait for what DNS says now. */
    static final long KNOWN_WELL_MS = 600_000;
    static final long FAILED_FETCH_MS = 300_000;
    static final int MOST_POLICIES = 20_000;
    static final int MOST_ASKED = 50_000;
    private static final Duration RENEW = Duration.ofMinutes(10);
    /** Policies that are renewed in one go. */
    private static final int MOST_RENEWED = 50;
    private static final long WRITE_DELAY_MS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(StsPolicies.class);

    /** What was asked of a domain lately. */
    private static final class Asked {
        private long askedAtMs;
        private boolean answered;
        private long failedAtMs = Long.MIN_VALUE / 2;
        private CompletableFuture<StsPolicy> underWay;
    }

    private final Function<String, CompletionStage<Texts>> txt;
    private final PolicySource source;
    private final LongSupplier nowMs;
    private final PolicyFile file;
    private final Map<String, KeptPolicy> kept = lru(MOST_POLICIES);
    private final Map<String, Asked> asked = lru(MOST_ASKED);
    private final Map<String, CompletableFuture<KeptPolicy>> fetching = new HashMap<>();
    private final ScheduledExecutorService writer = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("mta-sts").factory());
    private boolean writing;
    private boolean closed;

    private StsPolicies(Function<String, CompletionStage<Texts>> txt, PolicySource source, LongSupplier nowMs,
            PolicyFile file) {
        this.txt = txt;
        this.source = source;
        this.nowMs = nowMs;
        this.file = file;
    }

    /**
     * Reads what was kept.
     *
     * @param txt   asks for the TXT records of a name
     * @param nowMs since the epoch
     * @param file  need not exist
     * @throws IOException the file cannot be read; without it enforced policies would be forgotten
     */
    public static StsPolicies open(Function<String, CompletionStage<Texts>> txt, PolicySource source,
            LongSupplier nowMs, Path file) throws IOException {
        StsPolicies p = new StsPolicies(txt, source, nowMs, new PolicyFile(file));
        long now = nowMs.getAsLong();
        p.file.read().stream().filter(k -> k.valid(now)).forEach(k -> p.kept.put(k.domain(), k));
        p.writer.scheduleWithFixedDelay(p::renew, RENEW.toMillis(), RENEW.toMillis(), TimeUnit.MILLISECONDS);
        return p;
    }

    private static <V> Map<String, V> lru(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * The policy that holds for mail to a domain; null when there is none, or its mode is none. Never completes
     * exceptionally.
     */
    public CompletionStage<StsPolicy> policy(String domain) {
        String name = name(domain);
        if (name == null)
            return CompletableFuture.completedStage(null);
        CompletableFuture<StsPolicy> answer = new CompletableFuture<>();
        KeptPolicy known;
        boolean knownWell;
        synchronized (this) {
            Asked a = asked.computeIfAbsent(name, _ -> new Asked());
            known = valid(name);
            long now = nowMs.getAsLong();
            long age = Math.abs(now - a.askedAtMs);
            knownWell = a.answered && age < KNOWN_WELL_MS;
            if (a.underWay != null)
                return knownWell ? CompletableFuture.completedStage(inForce(known)) : a.underWay;
            if (a.answered && age < ASKED_AGAIN_MS)
                return CompletableFuture.completedStage(inForce(known));
            a.askedAtMs = now;
            a.underWay = answer;
        }
        look(name, known).whenComplete((found, error) -> {
            if (error != null)
                LOG.error("MTA-STS policy of {}", name, error);
            synchronized (this) {
                Asked a = asked.get(name);
                if (a != null && a.underWay == answer) {
                    a.underWay = null;
                    a.answered = true;
                }
            }
            answer.complete(inForce(error == null ? found : known));
        });
        return knownWell && !answer.isDone() ? CompletableFuture.completedStage(inForce(known)) : answer;
    }

    private CompletionStage<KeptPolicy> look(String domain, KeptPolicy known) {
        return txt.apply("_mta-sts." + domain).thenCompose(texts -> {
            String id = StsRecord.id(texts.texts());
            if (id == null)
                return CompletableFuture.completedStage(known);
            if (known == null || !known.id().equals(id))
                return fetch(domain, id);
            if (known.old(nowMs.getAsLong()))
                fetch(domain, id);
            return CompletableFuture.completedStage(known);
        });
    }

    /** A new policy; the one that is known already when none can be had. */
    private CompletionStage<KeptPolicy> fetch(String domain, String id) {
        CompletableFuture<KeptPolicy> promise = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<KeptPolicy> other = fetching.get(domain);
            if (other != null)
                return other;
            Asked a = asked.computeIfAbsent(domain, _ -> new Asked());
            if (nowMs.getAsLong() - a.failedAtMs < FAILED_FETCH_MS)
                return CompletableFuture.completedStage(valid(domain));
            fetching.put(domain, promise);
        }
        source.fetch(domain).whenComplete((fetched, error) -> promise.complete(keep(domain, id,
                error == null ? fetched : Fetched.failed(error.toString()))));
        return promise;
    }

    private synchronized KeptPolicy keep(String domain, String id, Fetched fetched) {
        fetching.remove(domain);
        if (fetched.policy() == null) {
            asked.computeIfAbsent(domain, _ -> new Asked()).failedAtMs = nowMs.getAsLong();
            KeptPolicy known = valid(domain);
            LOG.warn("MTA-STS policy of {} cannot be had: {}; {}", domain, fetched.trouble(),
                    known == null ? "mail goes without one" : "the one known before holds");
            return known;
        }
        KeptPolicy k = new KeptPolicy(domain, id, fetched.policy(), nowMs.getAsLong());
        KeptPolicy before = kept.put(domain, k);
        if (before == null || !before.policy().equals(k.policy()))
            LOG.info("MTA-STS policy of {}: {} {}", domain, k.policy().mode(), k.policy().mx());
        if (!writing && !closed) {
            writing = true;
            writer.schedule(this::write, WRITE_DELAY_MS, TimeUnit.MILLISECONDS);
        }
        return k;
    }

    private void write() {
        List<KeptPolicy> all;
        synchronized (this) {
            writing = false;
            long now = nowMs.getAsLong();
            kept.values().removeIf(k -> !k.valid(now));
            all = new ArrayList<>(kept.values());
        }
        try {
            file.write(all);
        } catch (IOException e) {
            LOG.error("MTA-STS policies cannot be kept over a restart: {}", e.toString());
        }
    }

    /** A policy must not end only because its domain had no mail for a while: that would give its protection away. */
    void renew() {
        List<String> old;
        synchronized (this) {
            long now = nowMs.getAsLong();
            old = kept.values().stream().filter(k -> k.valid(now) && k.old(now)).map(KeptPolicy::domain)
                    .limit(MOST_RENEWED).toList();
        }
        old.forEach(this::policy);
    }

    /** Under the lock. */
    private KeptPolicy valid(String domain) {
        KeptPolicy k = kept.get(domain);
        return k != null && k.valid(nowMs.getAsLong()) ? k : null;
    }

    private static StsPolicy inForce(KeptPolicy k) {
        return k == null || k.policy().mode() == StsPolicy.Mode.NONE ? null : k.policy();
    }

    /** Null for what has no policies, such as an address literal. */
    private static String name(String domain) {
        try {
            String name = IDN.toASCII(domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain)
                    .toLowerCase(Locale.ROOT);
            return KeptPolicy.isDomain(name) ? name : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** What is known is on disk afterwards. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        writer.shutdown(); // what is to be written is written
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS))
                LOG.warn("MTA-STS policies are still being written");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
