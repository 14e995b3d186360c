package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** {@code caravan check-dns} against zones in NSD, asked through Unbound: what it finds, what it says, what mends it. */
@Timeout(180)
class CheckDnsTest {

    private static final String GOOD = "good.test";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;
    private RealDns dns;

    @BeforeEach
    void start() throws Exception {
        dns = new RealDns(folder.resolve("dns"), "127.52.0");
        zones("").start();
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    /** The addresses are of documentation networks: never on this machine, but public in the eyes of the check. */
    private RealDns zones(String more) {
        String hops = java.util.stream.IntStream.range(0, 12)
                .mapToObj(i -> "s%d TXT \"v=spf1 include:s%d.%s\"\n".formatted(i, i + 1, GOOD))
                .collect(Collectors.joining())
                + "s12 TXT \"v=spf1 +all\"\n";
        return dns.zone(GOOD, 1, """
                mta1 A 203.0.113.1
                mta2 A 203.0.113.22
                mta6 AAAA 2001:db8::6
                @ TXT "v=spf1 a:mta1.good.test ip4:198.51.100.0/24 include:_inc.good.test exists:%{i}._ok.good.test -all"
                @ TXT "something else"
                _inc TXT "v=spf1 ip6:2001:db8::/64 mx:mx.good.test ?all"
                mx MX 10 mxhost
                mxhost A 203.0.113.5
                203.0.113.77._ok A 127.0.0.2
                redirected TXT "v=spf1 redirect=good.test"
                two TXT "v=spf1 +all"
                two TXT "v=spf1 -all"
                deep TXT "v=spf1 include:s0.good.test -all"
                void TXT "v=spf1 a:n1.good.test a:n2.good.test a:n3.good.test +all"
                broken TXT "v=spf1 ip4:300.1.1.1 -all"
                dangling TXT "v=spf1 include:nowhere.good.test +all"
                none TXT "no policy"
                _dmarc TXT "v=DMARC1; p=quarantine"
                """ + hops + more).zone("113.0.203.in-addr.arpa", 1, """
                1 PTR mta1.good.test.
                2 PTR host2.isp.example.
                """);
    }

    private Path config(String yaml) throws Exception {
        return Files.writeString(folder.resolve("caravan.yaml"), """
                host-name: gw.test
                smtp-listener: [ "127.52.0.1:0" ]
                name-server: [ "%s" ]
                source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(dns.address()) + yaml);
    }

    private static Cli run(int exit, Path config, String... more) {
        List<String> arguments = new ArrayList<>(List.of("check-dns", "--config", config.toString()));
        arguments.addAll(List.of(more));
        Cli ran = Cli.run(arguments.toArray(String[]::new));
        assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(exit);
        return ran;
    }

    private static String spf(JsonNode report, int source) {
        return report.path("sources").get(source).path("checks").path("spf").path("result").asText();
    }

    private JsonNode json(Path config, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--json");
        return new ObjectMapper().readTree(run(1, config, all.toArray(String[]::new)).out());
    }

    @Test
    void aTableSaysWhatIsWrongAndBelowItWhatToPublish() throws Exception {
        Path config = config("""
                virtual-mta:
                  right: { smtp-source-host: [ "203.0.113.1 mta1.good.test" ] }
                  wrong: { smtp-source-host: [ "203.0.113.2 mta2.good.test", "203.0.113.3 mta3.good.test" ] }
                  inside: { smtp-source-host: [ "127.52.3.4 mta4.good.test" ] }
                virtual-mta-pool: { both: { virtual-mta: [ right, inside ] } }
                """);
        String out = run(1, config, "--from", GOOD).out();
        assertThat(out.lines()).contains(
                "VirtualMTA  IP           EHLO name       ip     ptr      ehlo     spf      dkim  dmarc",
                "right       203.0.113.1  mta1.good.test  FAULT  ok       ok       ok       -     ok",
                "wrong       203.0.113.2  mta2.good.test  FAULT  FAULT    FAULT    FAULT    -     FAULT",
                "wrong       203.0.113.3  mta3.good.test  FAULT  FAULT    FAULT    FAULT    -     FAULT",
                "inside      127.52.3.4   mta4.good.test  ok     private  private  private  -     ok",
                "wrong: the PTR record of 203.0.113.2 says host2.isp.example, EHLO says mta2.good.test",
                "wrong: mta2.good.test does not lead to 203.0.113.2", "wrong: 203.0.113.3 has no PTR record",
                "wrong: mail from good.test fails DMARC: neither SPF nor a published key stands for it",
                "2.113.0.203.in-addr.arpa. IN PTR mta2.good.test.", "mta3.good.test. IN A 203.0.113.3",
                "good.test. IN TXT \"v=spf1 ip4:203.0.113.2/31 a:mta1.good.test ip4:198.51.100.0/24 include:_inc.good.test "
                        + "exists:%{i}._ok.good.test -all\"",
                "# on this machine: ip address add 203.0.113.1/32 dev eth0", "11 faults");
        assertThat(run(1, config, "--from", GOOD, "both").out()).doesNotContain("wrong").contains("right", "inside");
        assertThat(run(0, config, "--from", GOOD, "inside").out()).endsWith("no fault\n");
        assertThat(run(2, config, "rihgt").err()).contains("did you mean right?");
        assertThat(run(2, config, "--from", "no domain").err()).contains("--from");
        assertThat(run(2, config, "{default}").err()).contains("nothing to check");
    }

    @Test
    void spfIsEvaluatedAsReceiversDo() throws Exception {
        Map<String, String> byIp = Map.of("203.0.113.1", "ok", "198.51.100.200", "ok", "2001:db8::6", "ok",
                "203.0.113.5",
                "ok",
                "203.0.113.77", "ok", "203.0.113.9", "fault", "2001:db9::1", "fault");
        StringBuilder yaml = new StringBuilder("virtual-mta:\n");
        List<String> ips = List.copyOf(byIp.keySet());
        for (int i = 0; i < ips.size(); i++)
            yaml.append("  v%d: { smtp-source-host: [ \"%s x%d.good.test\" ] }\n".formatted(i, ips.get(i), i));
        Path config = config(yaml.toString());
        for (String domain : List.of(GOOD, "redirected.good.test")) {
            JsonNode report = json(config, "--from", domain);
            for (int i = 0; i < ips.size(); i++)
                assertThat(spf(report, i)).as(domain + " " + ips.get(i)).isEqualTo(byIp.get(ips.get(i)));
        }
    }

    @Test
    void recordsInErrorAreNamed() throws Exception {
        Path config = config("virtual-mta: { v: { smtp-source-host: [ \"203.0.113.1 mta1.good.test\" ] } }\n");
        Map<String, String> errors = Map.of("two", "", "deep", "more than 10 DNS lookups", "void",
                "more than 2 lookups find nothing", "broken", "not understood", "dangling",
                "includes one that is not there",
                "none", "none.good.test has no SPF record");
        for (Map.Entry<String, String> e : errors.entrySet()) {
            JsonNode spf = json(config, "--from", e.getKey() + "." + GOOD).path("sources").get(0).path("checks")
                    .path("spf");
            assertThat(spf.path("result").asText()).as(e.getKey()).isEqualTo("fault");
            assertThat(spf.path("text").asText()).contains(e.getValue()).contains(e.getKey() + ".good.test");
        }
    }

    @Test
    void keysAndPoliciesAreChecked() throws Exception {
        Path key = folder.resolve("k.pem");
        Cli made = Cli.run("dkim", "keygen", "--selector", "k1", "--domain", "signed.test", "--file", key.toString());
        assertThat(made.exit()).isZero();
        String record = made.out().lines().filter(l -> l.contains("k1._domainkey")).findFirst().orElseThrow().strip();
        String yaml = """
                virtual-mta: { v: { smtp-source-host: [ "127.52.3.4 mta4.good.test" ] } }
                domain-key: [ "k1,signed.test,k.pem" ]
                """;
        dns.close();
        dns.zone("signed.test", 1, "@ A 127.0.0.1\n").start();
        Path config = config(yaml);
        String out = run(1, config).out();
        assertThat(out).contains("k1._domainkey.signed.test: nothing is published", "signed.test has no DMARC policy",
                "2 faults",
                "_dmarc.signed.test. IN TXT \"v=DMARC1; p=none; rua=mailto:postmaster@signed.test\"");
        assertThat(out.lines()).contains(record);

        dns.close();
        dns.zone("signed.test", 1, record + "\n_dmarc TXT \"v=DMARC1; p=none\"\n").start();
        assertThat(run(0, config(yaml)).out()).contains("ok    ok").endsWith("no fault\n");
    }

    @Test
    void whatDnsCannotSayIsNoFaultAndNotFineEither() throws Exception {
        dns.killUnbound();
        Path config = config("virtual-mta: { v: { smtp-source-host: [ \"203.0.113.1 mta1.good.test\" ] } }\n");
        String out = run(1, config, "--from", GOOD).out();
        assertThat(out).contains("FAULT  ?    ?     ?", "DNS could not say");
    }

    @Test
    void manyVirtualMtasAreCheckedTogether() throws Exception {
        StringBuilder yaml = new StringBuilder("virtual-mta:\n");
        for (int i = 0; i < 1_000; i++)
            yaml.append("  v%d: { smtp-source-host: [ \"127.52.%d.%d mta%d.good.test\" ] }\n".formatted(i, 4 + i / 250,
                    1 + i % 250, i));
        yaml.append("  bad: { smtp-source-host: [ \"203.0.113.1 mta1.good.test\" ] }\n");
        String out = run(1, config(yaml.toString()), "--from", GOOD).out();
        assertThat(out).contains("… and 1000 that are fine; --all shows them", "bad ", "1 fault\n");
        assertThat(out.lines().count()).isLessThan(12);
    }

    /** In the gateway: an alarm when a record goes, a line when it is back. */
    @Test
    void aRunningGatewayTellsWhatChanges() throws Exception {
        String yaml = """
                virtual-mta: { v: { smtp-source-host: [ "203.0.113.1 mta1.good.test" ] } }
                dns: { check-dns-interval: 1s, check-dns-from: good.test }
                """;
        try (GatewayProcess gateway = GatewayProcess.run(config(yaml), folder.resolve("home"))) {
            gateway.awaitReady();
            await().atMost(Mx.LIMIT).until(() -> gateway.text()
                    .contains("ALARM: DNS of v 203.0.113.1 ip: 203.0.113.1 is not on this machine"));
            assertThat(Cli.done(folder.resolve("home"), "show", "status")).contains("dnsCheckedAt",
                    "v 203.0.113.1 ip: ");
            dns.killNsd();
            dns.zone(GOOD, 1,
                    "mta1 A 203.0.113.99\n@ TXT \"v=spf1 ip4:203.0.113.1 -all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n");
            dns.startNsd();
            dns.killUnbound();
            dns.startUnbound();
            await().atMost(Mx.LIMIT.multipliedBy(3)).until(() -> gateway.text()
                    .contains("ALARM: DNS of v 203.0.113.1 ehlo: mta1.good.test does not lead to 203.0.113.1"));
            dns.killNsd();
            dns.zone(GOOD, 1,
                    "mta1 A 203.0.113.1\n@ TXT \"v=spf1 ip4:203.0.113.1 -all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n");
            dns.startNsd();
            dns.killUnbound();
            dns.startUnbound();
            await().atMost(Mx.LIMIT.multipliedBy(3)).until(() -> gateway.text()
                    .contains("DNS of v 203.0.113.1 ehlo: no longer: mta1.good.test does not lead to 203.0.113.1"));
            assertThat(gateway.text().split("ALARM: DNS of v 203.0.113.1 ip:", -1)).as("told once").hasSize(2);
            assertThat(gateway.stop()).isZero();
        }
    }
}
