package org.caravanmta.report;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;

/** Everything that is counted of some records, in bounded memory. One thread; several are added up in the end. */
public final class Aggregate {

    /** Names kept of each dimension: with the longest histograms 60 MB for each. */
    private static final int MOST_NAMES = 5000;

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:00");

    private final ZoneId zone;
    private final Tally all = new Tally();
    private final Map<Dimension, Groups> groups = new EnumMap<>(Dimension.class);
    private final Replies bounces = new Replies();
    private final Replies deferrals = new Replies();
    private long records;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = -1;
    private long hourOf = -1;
    private String hour;

    /** @param zone of hours */
    public Aggregate(ZoneId zone) {
        this(zone, MOST_NAMES);
    }

    Aggregate(ZoneId zone, int mostNames) {
        this.zone = zone;
        for (Dimension d : Dimension.values())
            groups.put(d, new Groups(mostNames));
    }

    void add(Row row) {
        records++;
        all.add(row);
        long at = row.loggedMs();
        if (at >= 0) {
            firstMs = Math.min(firstMs, at);
            lastMs = Math.max(lastMs, at);
        }
        String type = row.get(RecordField.TYPE);
        if ("tq".equals(type))
            return;
        groups.get(Dimension.HOUR).add(hour(at), row);
        groups.get(Dimension.VMTA).add(row.get(RecordField.VMTA), row);
        groups.get(Dimension.POOL).add(row.get(RecordField.VMTA_POOL), row);
        groups.get(Dimension.JOB).add(row.get(RecordField.JOB_ID), row);
        groups.get(Dimension.DOMAIN).add(row.domain(), row);
        boolean bounce = "b".equals(type);
        if (!bounce && !"t".equals(type))
            return;
        groups.get(Dimension.CATEGORY).add(row.get(RecordField.BOUNCE_CAT), row);
        (bounce ? bounces : deferrals).add(row);
    }

    private String hour(long ms) {
        if (ms < 0)
            return "";
        // A quarter: offsets of zones are multiples of it.
        long quarter = ms / 900_000;
        if (quarter != hourOf) {
            hourOf = quarter;
            hour = HOUR.format(Instant.ofEpochMilli(ms).atZone(zone));
        }
        return hour;
    }

    void add(Aggregate other) {
        records += other.records;
        all.add(other.all);
        groups.forEach((d, g) -> g.add(other.groups.get(d)));
        bounces.add(other.bounces);
        deferrals.add(other.deferrals);
        firstMs = Math.min(firstMs, other.firstMs);
        lastMs = Math.max(lastMs, other.lastMs);
    }

    public Tally all() {
        return all;
    }

    public long records() {
        return records;
    }

    Groups by(Dimension d) {
        return groups.get(d);
    }

    Replies bounces() {
        return bounces;
    }

    Replies deferrals() {
        return deferrals;
    }

    /** Epoch milliseconds of the first record; {@link Long#MAX_VALUE} when there is none. */
    long firstMs() {
        return firstMs;
    }

    /** −1 when there is none. */
    long lastMs() {
        return lastMs;
    }

    ZoneId zone() {
        return zone;
    }
}
