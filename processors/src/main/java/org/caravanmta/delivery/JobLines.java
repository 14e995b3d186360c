package org.caravanmta.delivery;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.caravanmta.message.QueuedMessage;

/** The jobs of a VirtualMTA's mail that have limits. Owned by its event loop. */
final class JobLines {

    private final VirtualMtaDelivery owner;
    private final SharedJobs shared;
    private final Map<String, JobLine> lines = new HashMap<>();

    JobLines(VirtualMtaDelivery owner, SharedJobs shared) {
        this.owner = owner;
        this.shared = shared;
    }

    /** Null when the message's job has no limits, or it is of no job. */
    JobLine of(QueuedMessage message) {
        String job = message.jobId();
        if (job == null)
            return null;
        JobLine line = lines.get(job);
        return line != null || !shared.limited(job) ? line : create(job);
    }

    private JobLine create(String job) {
        JobLine line = new JobLine(job, owner, shared.enter(job));
        lines.put(job, line);
        return line;
    }

    /** A queue of the job is there, whether it has limits or not. */
    void adopt(String job) {
        JobLine line = lines.get(job);
        (line == null ? create(job) : line).adopt();
    }

    /** Gives memory back: those that have most of it first, until there is enough. */
    void evict(BooleanSupplier enough) {
        List<JobLine> largest = lines.values().stream().filter(l -> l.inMemory() > 1)
                .sorted(Comparator.comparingInt(JobLine::inMemory).reversed()).toList();
        for (JobLine l : largest)
            if (!enough.getAsBoolean())
                l.evict();
    }

    long sift(Predicate<QueuedMessage> meant, String queue) {
        return lines.values().stream().mapToLong(l -> l.sift(meant, queue)).sum();
    }

    void tick(long nowNanos) {
        for (Map.Entry<String, JobLine> e : List.copyOf(lines.entrySet()))
            if (e.getValue().tick(nowNanos)) {
                lines.remove(e.getKey());
                shared.leave(e.getKey());
            }
    }

    void stop() {
        lines.values().forEach(JobLine::stop);
    }
}
