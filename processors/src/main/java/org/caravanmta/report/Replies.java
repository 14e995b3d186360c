package org.caravanmta.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Why mail was refused: replies by what they have in common, each with one as it was said. Bounded like {@link Groups}. */
final class Replies {

    private static final int MOST = 2000;
    private static final int SAMPLE = 400;

    /** @param sample as it came, cut */
    record Reply(String category, String pattern, String sample, String host, long count) {
    }

    private static final class Count {
        private final String category;
        private final String sample;
        private final String host;
        private long count;

        Count(String category, String sample, String host) {
            this.category = category;
            this.sample = sample;
            this.host = host;
        }
    }

    private record Key(String category, String pattern) {
    }

    private final Map<Key, Count> counts = new HashMap<>();
    private long others;

    void add(Row row) {
        String diag = row.get(RecordField.DSN_DIAG);
        String said = diag != null ? diag : row.get(RecordField.DSN_STATUS);
        String category = row.get(RecordField.BOUNCE_CAT) == null ? ""
                : Groups.cut(row.get(RecordField.BOUNCE_CAT));
        Key key = new Key(category, said == null ? "" : ReplyPattern.of(said));
        Count c = counts.get(key);
        if (c == null) {
            String host = row.get(RecordField.DSN_MTA);
            String sample = said == null ? "" : said.length() > SAMPLE ? said.substring(0, SAMPLE) : said;
            c = of(key, new Count(category, sample, host == null ? "" : Groups.cut(host)));
        }
        c.count++;
    }

    private Count of(Key key, Count fresh) {
        if (counts.size() >= MOST)
            fold();
        counts.put(key, fresh);
        return fresh;
    }

    private void fold() {
        List<Map.Entry<Key, Count>> all = new ArrayList<>(counts.entrySet());
        all.sort(Comparator.comparingLong(e -> -e.getValue().count));
        for (var e : all.subList(all.size() / 2, all.size())) {
            others += e.getValue().count;
            counts.remove(e.getKey());
        }
    }

    void add(Replies other) {
        other.counts.forEach((key, theirs) -> {
            Count ours = counts.get(key);
            if (ours == null)
                ours = of(key, new Count(theirs.category, theirs.sample, theirs.host));
            ours.count += theirs.count;
        });
        others += other.others;
    }

    List<Reply> byCount() {
        List<Reply> all = new ArrayList<>();
        counts.forEach((k, c) -> all.add(new Reply(k.category, k.pattern, c.sample, c.host, c.count)));
        all.sort(Comparator.comparingLong(Reply::count).reversed().thenComparing(Reply::pattern)
                .thenComparing(Reply::category));
        return all;
    }

    /** Of replies that were given up for more frequent ones. */
    long others() {
        return others;
    }
}
