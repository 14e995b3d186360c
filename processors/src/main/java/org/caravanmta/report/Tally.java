package org.caravanmta.report;

import org.HdrHistogram.IntCountsHistogram;

/** How often what happened to recipients, and how long deliveries took. One thread. */
public final class Tally {

    /** Two digits: a delivery of an hour is told to the minute, in 2 to 12 KB. */
    private static final int DIGITS = 2;
    private static final long LONGEST_SECONDS = 366L * 86400;

    long received;
    long delivered;
    long bounced;
    long expired;
    long deferred;
    long complaints;
    private IntCountsHistogram seconds;

    void add(Row row) {
        String type = row.get(RecordField.TYPE);
        switch (type == null ? "" : type) {
            case "d" -> {
                delivered++;
                time(row.secondsQueued());
            }
            case "b" -> {
                if (row.expired())
                    expired++;
                else
                    bounced++;
            }
            case "t" -> deferred++;
            case "r" -> received++;
            case "f" -> complaints++;
            default -> {
                // Counted among all records only.
            }
        }
    }

    private void time(long s) {
        if (s < 0)
            return;
        if (seconds == null) {
            seconds = new IntCountsHistogram(DIGITS);
            seconds.setAutoResize(true);
        }
        seconds.recordValue(Math.min(s, LONGEST_SECONDS));
    }

    void add(Tally other) {
        received += other.received;
        delivered += other.delivered;
        bounced += other.bounced;
        expired += other.expired;
        deferred += other.deferred;
        complaints += other.complaints;
        if (other.seconds == null)
            return;
        if (seconds == null) {
            seconds = new IntCountsHistogram(DIGITS);
            seconds.setAutoResize(true);
        }
        seconds.add(other.seconds);
    }

    public long received() {
        return received;
    }

    public long delivered() {
        return delivered;
    }

    public long bounced() {
        return bounced;
    }

    public long expired() {
        return expired;
    }

    /** Attempts, not recipients. */
    public long deferred() {
        return deferred;
    }

    public long complaints() {
        return complaints;
    }

    /** Recipients whose outcome is known. */
    public long settled() {
        return delivered + bounced + expired;
    }

    long weight() {
        return settled() + deferred + received + complaints;
    }

    /** Share of the settled, 0 to 1; −1 when there are none. */
    public double deliveredShare() {
        return share(delivered);
    }

    public double bouncedShare() {
        return share(bounced);
    }

    private double share(long n) {
        return settled() == 0 ? -1 : (double) n / settled();
    }

    /** Seconds in the queue that so many of a hundred deliveries did not exceed; −1 when none is known. */
    public long secondsAt(double percent) {
        return seconds == null ? -1 : seconds.getValueAtPercentile(percent);
    }
}
