package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The command line: what it prints and how it exits. */
class CliTest {

    private static final String BROKEN = """
            host-name: gw.test
            smtp-listener: [ "127.31.0.1:0" ]
            source:
              127.0.0.0/8: { always-allow-relaying: perhaps, default-virtual-mta: nobody }
            virtual-mta:
              a: { smtp-source-host: [ "127.31.1.1 a.gw.test" ] }
            domain:
              "*": { max-smpt-out: 20 }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private static List<String> run(int exit, String... arguments) throws Exception {
        try (CaravanProcess caravan = new CaravanProcess(arguments)) {
            assertThat(caravan.awaitExit()).as(caravan.text()).isEqualTo(exit);
            return caravan.output();
        }
    }

    @Test
    void checkListsEveryProblemWithItsPlace() throws Exception {
        Path file = GatewayProcess.config(folder, BROKEN);
        assertThat(run(2, "check", "--config", file.toString()))
                .anyMatch(l -> l.startsWith(file + ":4:") && l.contains("perhaps"))
                .anyMatch(l -> l.startsWith(file + ":4:") && l.contains("nobody"))
                .anyMatch(l -> l.startsWith(file + ":8:") && l.contains("max-smpt-out") && l.contains("max-smtp-out"));
    }

    @Test
    void runRefusesWhatCheckRefusesAndTouchesNothing() throws Exception {
        Path file = GatewayProcess.config(folder, BROKEN);
        Path home = folder.resolve("home");
        List<String> refused = run(2, "run", "--config", file.toString(), "--home", home.toString());
        assertThat(refused).isEqualTo(run(2, "check", "--config", file.toString()));
        assertThat(home).doesNotExist();
    }

    @Test
    void checkOfAFineFileSaysSoWithASummary() throws Exception {
        Path file = GatewayProcess.config(folder, """
                host-name: gw.test
                smtp-listener: [ "127.31.0.1:2525" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes }
                virtual-mta:
                  news: { smtp-source-host: [ "127.31.1.1 news.gw.test" ] }
                acct-file: { path: acct.csv }
                """);
        assertThat(run(0, "check", "--config", file.toString())).first().isEqualTo(file + ": fine");
        assertThat(String.join("\n", run(0, "check", "--config", file.toString())))
                .contains("127.31.0.1:2525", "news: 127.31.1.1 news.gw.test");
    }

    @Test
    void settingsSayWhereEachValueComesFrom() throws Exception {
        Path more = Files.writeString(folder.resolve("more.yaml"), "domain: { example.com: { max-smtp-out: 3 } }\n");
        Path file = GatewayProcess.config(folder, """
                include: more.yaml
                virtual-mta:
                  news:
                    smtp-source-host: 127.31.1.1 news.gw.test
                    domain: { "*": { max-msg-rate: 250/h } }
                """);
        assertThat(run(0, "settings", "example.com/news", "--config", file.toString()))
                .anyMatch(l -> l.matches("max-smtp-out +3 +global +" + more + ":1 +example.com"))
                .anyMatch(l -> l.matches("max-msg-rate +250/h +virtual-mta +" + file + ":5 +\\*"))
                .anyMatch(l -> l.matches("bounce-after +4d12h +default"));
        assertThat(String.join("", run(0, "settings", "news", "--json", "--config", file.toString()))
                .replaceAll("\\s+", " "))
                .contains("{ \"virtual-mta\" : \"news\", \"settings\" : [ { \"directive\" : \"smtp-source-host\", "
                        + "\"value\" : \"127.31.1.1 news.gw.test\", \"layer\" : \"virtual-mta\", "
                        + "\"pattern\" : null, \"file\" : \"" + file + "\", \"line\" : 4 }");
        assertThat(run(2, "settings", "example.com/nwes", "--config", file.toString()))
                .anyMatch(l -> l.contains("did you mean news?"));
    }

    @Test
    void aFileThatIsNotThereIsOneProblem() throws Exception {
        String file = folder.resolve("none.yaml").toString();
        assertThat(run(2, "check", "--config", file)).singleElement().asString().startsWith(file + ":1:1: ");
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() throws Exception {
        try (Mx taken = new Mx("127.31.0.3")) {
            Path file = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "%s" ]
                    source:
                      127.0.0.0/8: { always-allow-relaying: yes }
                    """.formatted(taken.hop()));
            assertThat(run(1, "run", "--config", file.toString(), "--home", folder.resolve("home").toString()))
                    .filteredOn(l -> l.startsWith("caravan: ")).singleElement().asString()
                    .startsWith("caravan: cannot listen on " + taken.hop() + ": ").endsWith("already in use");
        }
    }

    @Test
    void wrongUsageExitsWithTwo() throws Exception {
        assertThat(run(2, "sink")).first().asString().contains("--listen");
        assertThat(run(2, "sink", "--listen", "127.31.0.2:smtp")).first().asString().contains("expected a number");
        assertThat(run(2, "sink", "--listen", "127.31.0.2:0", "--reply", "mail=go away")).first().asString()
                .contains("go away", "expected CODE TEXT");
        assertThat(run(2, "sink", "--listen", "127.31.0.2:0", "--drop", "supper")).first().asString()
                .contains("supper", "greeting");
        assertThat(run(2, "run", "--speed", "9")).first().asString().contains("--speed");
    }

    @Test
    void theSinkAnswersAsToldAndCounts() throws Exception {
        Path log = folder.resolve("sink.log");
        Mx free = new Mx("127.31.0.2");
        int port = free.port();
        free.close();
        try (CaravanProcess sink = new CaravanProcess("sink", "--listen", "127.31.0.2-3:" + port, "--rcpt",
                "gone@*=550 5.1.1 gone", "--rcpt", "later@*=451 4.7.1 later;times=1", "--reply",
                "rset=250 2.0.0 cleared",
                "--log", log.toString())) {
            sink.ready();
            try (SmtpClient client = SmtpClient.connect(new InetSocketAddress("127.31.0.3", port))) {
                assertThat(client.submit(SmtpClient.text(), "gone@x.test")).isEqualTo("550 5.1.1 gone");
                assertThat(client.say("RSET")).isEqualTo("250 2.0.0 cleared");
                assertThat(client.submit(SmtpClient.text(), "later@x.test")).isEqualTo("451 4.7.1 later");
                assertThat(client.submit(SmtpClient.text(), "later@x.test", "other@x.test")).startsWith("250");
            }
            await("the log").atMost(Mx.LIMIT).until(() -> Files.size(log) > 0);
            sink.terminate();
            assertThat(sink.awaitExit()).isZero();
            assertThat(Files.readAllLines(log)).singleElement().asString()
                    .contains(" server=127.31.0.3 ",
                            " from=<" + SmtpClient.SENDER + "> to=<later@x.test>,<other@x.test> ");
            assertThat(sink.output()).last().asString().contains("messages=1 recipients=2", "rcpt_5xx=1", "rcpt_4xx=1");
        }
    }

    @Test
    void theDemonstrationAccountsForEveryMessage() throws Exception {
        List<String> said = run(0, "demo", "--messages", "60", "--home", folder.resolve("demo").toString());
        assertThat(said).last().isEqualTo("every message is accounted for");
        assertThat(AcctCsv.read(folder.resolve("demo/acct.csv")).stream().filter(AcctCsv.Line::isFinal)).hasSize(60);
    }
}
