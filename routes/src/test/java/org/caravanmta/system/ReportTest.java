package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.caravanmta.sink.SinkScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reports from a running gateway: job one is done, of job two a recipient waits. */
@Timeout(120)
class ReportTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path home;
    private static Mx mx;
    private static LocalGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        mx = new Mx("127.47.0.2", 0, new SinkScript().rcpt("later@*", "451 4.7.1 come back later", 1).rcpt("bad@*",
                "550 5.1.1 <bad@example.net> unknown", 1));
        gateway = LocalGateway.operated(home, """
                host-name: gw.test
                smtp-listener: [ "127.47.0.1:0" ]
                source: { 127.0.0.0/8: { always-allow-relaying: yes, process-x-job: yes, default-virtual-mta: alpha } }
                virtual-mta: { alpha: { smtp-source-host: [ "127.47.1.1 alpha.gw.test" ] } }
                domain: { "*": { smtp-hosts: [ "%s" ], retry-after: [ 1h ] } }
                acct-file:
                  - { path: some.xml, records: [ d ], queue-filter: [ "none.test/*" ] }
                  - { path: acct.csv, records: [ d, b, t ] }
                  - { path: again.json, records: [ d, b, r ] }
                """.formatted(mx.hop()));
        gateway.take(SmtpClient.text("X-Job: one"), "a@example.net", "bad@example.net");
        gateway.take(SmtpClient.text("X-Job: two"), "b@example.net", "later@example.net");
        await("three outcomes and a deferral").atMost(Mx.LIMIT).until(
                () -> Files.exists(home.resolve("acct.csv")) && AcctCsv.read(home.resolve("acct.csv")).size() == 4);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        mx.close();
    }

    @Test
    void filesOfTheGatewayCountOnce() throws Exception {
        JsonNode r = new ObjectMapper().readTree(Cli.done(home, "report", "--format", "json"));
        JsonNode all = r.path("all");
        assertThat(all.path("delivered").asInt()).isEqualTo(2);
        assertThat(all.path("bounced").asInt()).isEqualTo(1);
        assertThat(all.path("deferredAttempts").asInt()).isEqualTo(1);
        assertThat(r.path("bounces").path(0).path("reply").asText()).isEqualTo("550 5.1.1 <(address)> unknown");
        assertThat(Cli.done(home, "report", "bounces", "--by", "category")).contains("bad-mailbox", "100.0%");
        assertThat(Cli.done(home, "report", "vmtas", "--to", "2020-01-01")).contains("0 records");
    }

    @Test
    void jobSaysWhatIsDoneAndWhatWaits() {
        assertThat(Cli.done(home, "report", "job", "two"))
                .contains("Campaign: two", "1 recipients of this job still wait in the queues, 1 of them deferred");
        assertThat(Cli.done(home, "report", "job", "one", "--follow")).contains(
                "100.0%  queued 0 (deferred 0)  delivered 1  bounced 1  expired 0");
    }

    @Test
    void oneRecipientIsFoundInFilesAndQueues() {
        assertThat(Cli.done(home, "find", "--rcpt", "later@example.net")).contains(
                "deferred  example.net/alpha  job two",
                "451 4.7.1 come back later", "waits  example.net/alpha  deferred");
        assertThat(Cli.done(home, "find", "--rcpt", "bad@example.net", "--job", "one")).contains("bounced")
                .doesNotContain("waits");
        assertThat(Cli.done(home, "find", "--rcpt", "bad@example.net", "--job", "two"))
                .contains("no record of bad@example.net");
    }

    @Test
    void pageIsWrittenToAFileAndNoGatewayIsSaid() throws Exception {
        Path page = home.resolve("report.html");
        assertThat(Cli.done(home, "report", home.resolve("acct.csv").toString(), "-o", page.toString())).isEmpty();
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("Delivery report");
        assertThat(Cli.refused(home.resolve("nobody"), "report")).contains("no gateway runs");
        assertThat(Cli.run("report", "--from", "soon", page.toString()).exit()).isEqualTo(2);
    }
}
