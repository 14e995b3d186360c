package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFile.Filter;
import org.caravanmta.config.accounting.NameFilter;
import org.caravanmta.config.accounting.QueueFilter;
import org.caravanmta.queue.EventLog;
import org.junit.jupiter.api.Test;

class FilterTest {

    private static AccountingRecord record(String queue, String vmta, String job) {
        AccountingRecord r = Records.of('d', "u@x.test");
        return new AccountingRecord('d', r.timeLoggedMs(), r.timeQueuedMs(), null, queue + " " + job, null, null, null,
                null, null, null, null, null, null, null, null, null, -1, vmta, job, null, queue + "/" + vmta, null);
    }

    private static List<String> passing(List<String> queues, List<String> vmtas, List<String> jobs) throws Exception {
        List<QueueFilter> q = new ArrayList<>();
        for (String s : queues)
            q.add(new QueueFilter.Form().parse(s));
        AcctFile f = Records.plain(Records.ALL);
        AcctFile file = new AcctFile(f.path(), f.format(), f.records(), f.fields(), null, true, false,
                new Filter(q, names(vmtas), names(jobs)), List.of(), f.rotation(), f.pipe(), null);
        InMemoryEventLog log = new InMemoryEventLog();
        try (EventLog.Reader reader = log.open("r")) {
            for (String vmta : List.of("v1", "v2"))
                for (String domain : List.of("a.test", "b.test", "sub.b.test"))
                    log.publish(AccountingCodec.encode(List.of(record(domain, vmta, domain.equals("a.test") ? null
                            : "news-" + vmta))));
            RecordFormat format = RecordFormat.of(file, ZoneOffset.UTC, "s");
            new RecordStream(reader, file, null, 0).read(format, 100, 0);
            List<String> found = new ArrayList<>();
            for (String[] row : Records.rows(format.take()))
                found.add(row[21]);
            return found;
        }
    }

    private static List<NameFilter> names(List<String> all) throws Exception {
        List<NameFilter> n = new ArrayList<>();
        for (String s : all)
            n.add(new NameFilter.Form().parse(s));
        return n;
    }

    @Test
    void queues() throws Exception {
        assertThat(passing(List.of(), List.of(), List.of())).hasSize(6);
        assertThat(passing(List.of("a.test/v1"), List.of(), List.of())).containsExactly("a.test/v1");
        assertThat(passing(List.of("a.test/v1", "![*.]b.test/*"), List.of(), List.of())).containsExactly("a.test/v1",
                "a.test/v2");
        assertThat(passing(List.of("!b.test", "[*.]b.test/v2"), List.of(), List.of()))
                .containsExactly("sub.b.test/v2");
        assertThat(passing(List.of("*/v*"), List.of(), List.of())).hasSize(6);
    }

    @Test
    void virtualMtasAndJobs() throws Exception {
        assertThat(passing(List.of(), List.of("v2"), List.of())).hasSize(3).allMatch(q -> q.endsWith("/v2"));
        assertThat(passing(List.of(), List.of("!v2"), List.of())).hasSize(3).allMatch(q -> q.endsWith("/v1"));
        assertThat(passing(List.of(), List.of(), List.of("*-v1"))).containsExactly("b.test/v1", "sub.b.test/v1");
        assertThat(passing(List.of(), List.of(), List.of("!news-*"))).containsExactly("a.test/v1", "a.test/v2");
        assertThat(passing(List.of("b.test"), List.of("v1"), List.of("news-*"))).containsExactly("b.test/v1");
    }
}
