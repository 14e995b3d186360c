package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several files: what they say together, and every problem at its place in its file. */
@Timeout(20)
class IncludeTest {

    @TempDir
    Path dir;

    private Path write(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private ConfigReader.Result read(String main) throws IOException {
        return ConfigReader.read(write("main.yaml", main), () -> "gw.example.com");
    }

    /** Places relative to the folder of the test. */
    private List<String> problems(String main) throws IOException {
        return read(main).problems().stream()
                .map(p -> p.toString().replace(dir + "/", "").replaceFirst(": found (.*), expected .*, hint: (.*)$",
                        " $1; $2"))
                .toList();
    }

    @Test
    void filesAddUp() throws Exception {
        write("conf.d/20-b.yaml", """
                virtual-mta: { b: { smtp-source-host: 192.0.2.2 b.example } }
                acct-file: { path: b.csv }
                """);
        write("conf.d/10-a.yaml", """
                virtual-mta: { a: { smtp-source-host: 192.0.2.1 a.example } }
                source: { 10/8: { process-x-job: no } }
                domain: { "*": { max-smtp-out: 3, retry-after: 5m }, x.example: { max-msg-rate: 5/h } }
                acct-file: [ { path: a.csv } ]
                broker: { min-free-space: 1M }
                max-message-size: 7M
                """);
        write("conf.d/.30-hidden.yaml", "nonsense: yes");
        write("conf.d/sub/40.yaml", "nonsense: yes");
        CaravanConfig c = read("""
                include: "conf.d/*"
                virtual-mta: { m: { smtp-source-host: 192.0.2.3 m.example } }
                source: { 10.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: b } }
                domain: { "*": { max-smtp-out: 2 }, X.example: { bounce-after: 1d } }
                acct-file: { path: m.csv }
                max-message-size: 7M
                """).config();

        assertThat(c.virtualMtas()).containsOnlyKeys("a", "b", "m", "{default}");
        assertThat(c.acctFiles()).extracting(AcctFile::path).containsExactly("a.csv", "b.csv", "m.csv");
        Source source = c.sources().of(InetAddress.ofLiteral("10.1.1.1"));
        assertThat(c.sources().list()).hasSize(1);
        assertThat(source.processXJob()).isFalse();
        assertThat(source.alwaysAllowRelaying()).isTrue();
        assertThat(source.defaultVirtualMta()).isEqualTo("b");
        DomainSettings x = c.settings("a", "x.example");
        assertThat(x.maxSmtpOut()).isEqualTo(2);
        assertThat(x.retryAfter()).containsExactly(Duration.ofMinutes(5));
        assertThat(x.maxMsgRate()).isEqualTo(Rate.parse("5/h"));
        assertThat(x.bounceAfter()).isEqualTo(Duration.ofDays(1));
        assertThat(c.smtpIn().maxMessageSizeBytes()).isEqualTo(7 << 20);
        assertThat(c.broker().minFreeSpaceBytes()).isEqualTo(1 << 20);
    }

    @Test
    void blocksIncludeTheirOwnDirectivesAndWinOverThem() throws Exception {
        write("common/slow.yaml", "{ max-smtp-out: 1, mx-connection-attempts: 7 }");
        write("common/vmta.yaml", """
                domain:
                  "*": { include: slow.yaml }
                  a.example: { retry-after: 1m }
                """);
        write("common/rights.yaml", "{ always-allow-relaying: yes, process-x-job: no }");
        CaravanConfig c = read("""
                source: { 10/8: { include: common/rights.yaml, process-x-job: yes } }
                virtual-mta:
                  v: { smtp-source-host: 192.0.2.1 v.example, include: [ common/vmta.yaml ], domain: { a.example: { max-smtp-out: 9 } } }
                  w: { smtp-source-host: 192.0.2.2 w.example, include: common/vmta.yaml }
                domain: { b.example: { include: common/slow.yaml, max-smtp-out: 4 } }
                """).config();

        assertThat(c.settings("v", "a.example").maxSmtpOut()).isEqualTo(9);
        assertThat(c.settings("v", "a.example").retryAfter()).containsExactly(Duration.ofMinutes(1));
        assertThat(c.settings("w", "a.example").maxSmtpOut()).isEqualTo(1);
        assertThat(c.settings("{default}", "b.example").maxSmtpOut()).isEqualTo(4);
        assertThat(c.settings("{default}", "b.example").mxConnectionAttempts()).isEqualTo(7);
        Source source = c.sources().of(InetAddress.ofLiteral("10.1.1.1"));
        assertThat(source.alwaysAllowRelaying()).isTrue();
        assertThat(source.processXJob()).isTrue();
    }

    @Test
    void laterFilesWinOverEarlierOnes() throws Exception {
        write("1.yaml", "{ domain: { x: { max-smtp-out: 1, mx-connection-attempts: 1, max-msg-per-connection: 1 } } }");
        write("2.yaml", "{ domain: { x: { max-smtp-out: 2, mx-connection-attempts: 2 } }, include: 3.yaml }");
        write("3.yaml", "{ domain: { x: { max-smtp-out: 3, mx-connection-attempts: 3, max-msg-per-connection: 3 } } }");
        DomainSettings x = read("{ include: [ 1.yaml, 2.yaml, 1.yaml ], domain: { x: { max-smtp-out: 5 } } }").config()
                .settings("{default}", "x");

        assertThat(x.maxSmtpOut()).isEqualTo(5);
        assertThat(x.mxConnectionAttempts()).isEqualTo(2);
        assertThat(x.maxMsgPerConnection()).isEqualTo(3);
    }

    @Test
    void aWildcardMayMatchNothing() throws Exception {
        write("empty.yaml", "# nothing yet\n");
        assertThat(problems("include: [ 'conf.d/*.yaml', 'no/such/*/folder/*.yaml', 'main.yaml/*', empty.yaml ]"))
                .isEmpty();
    }

    @Test
    void wildcardsMayStandInFolders() throws Exception {
        for (String customer : List.of("acme", "beta"))
            write("customers/" + customer + "/vmta.yaml",
                    "virtual-mta: { " + customer + ": { smtp-source-host: 192.0.2.1 a.example } }");
        write("customers/beta/other.yaml", "nonsense: 1");

        assertThat(read("include: 'customers/*/vm??.yaml'").config().virtualMtas())
                .containsOnlyKeys("acme", "beta", "{default}");
        assertThat(read("include: '" + dir + "/customers/[a]*/vmta.yaml'").config().virtualMtas())
                .containsOnlyKeys("acme", "{default}");
    }

    @Test
    void eachProblemHasItsOwnFile() throws Exception {
        write("a.yaml", """
                virtual-mta:
                  v: { smtp-source-host: 192.0.2.1 v.example, domain: { "*": { max-smpt-out: 1 } } }
                host-name: a.example
                """);
        write("b.yaml", """
                # second
                domain: { b.example: { include: bad.yaml } }
                virtual-mta: { v: { smtp-source-host: 192.0.2.2 v.example } }
                host-name: b.example
                domain-macro: { m: a }
                broker: { min-free-space: 1M }
                """);
        write("bad.yaml", "max-smtp-out: 0");
        write("broken.yaml", "a: [");

        assertThat(problems("""
                broker: { min-free-space: 2M }
                include: [ a.yaml, b.yaml, broken.yaml, missing.yaml ]
                domain-macro: { m: b }
                max-message-size: no
                """)).containsExactly(
                "main.yaml:1:11 \"min-free-space\" with another value; the other one is in b.yaml:6; take one away",
                "main.yaml:2:41 \"missing.yaml\", which does not exist; paths are relative to the folder of this file; a wildcard may match nothing",
                "main.yaml:3:17 \"m\" a second time; the first one is in b.yaml:5; merge the two, or take one away",
                "main.yaml:4:19 \"no\"; a whole number and one of the units b, k, m, g, t, without blanks: 10M",
                "a.yaml:2:64 \"max-smpt-out\"; did you mean max-smtp-out?",
                "b.yaml:3:16 virtual-mta \"v\" a second time; the first one is in a.yaml:2; merge the two, or take one away",
                "b.yaml:4:1 \"host-name\" with another value; the other one is in a.yaml:3; take one away",
                "broken.yaml:1:5 broken YAML (expected the node content, but found '<stream end>'); a bracket or a comma is missing here or before",
                "bad.yaml:1:15 \"0\"; the lowest value is 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "include: 5.yaml, x | 2 problems", "include: [ [ a.yaml ] ] | missing",
            "include: { a: b } | a block", "include: | nothing", "include: '[' | \"[\"", "include: \"a\\0b\" | \"a?b\"",
            "include: ''       | \"\"", "include: 'sub' | a directory", "include: /dev/zero | a device or a pipe",
            "include: '/dev/zer*' | a device or a pipe", "include: turn | cannot be read",
            "include: main.yaml | leads back here", "include: './*.yaml' | leads back here",
            "include: link.yaml | leads back here", "include: round1.yml | leads back here",
            "include: dangling | does not exist", "include: deep/0 | more than 20 deep",
            "domain: { x: { include: main.yaml } } | leads back here",
            "domain: { include: x.yaml } | within the block of one name",
            "virtual-mta: { include: x.yaml } | within the block of one name",
            "broker: { include: x.yaml } | \"include\"", "acct-file: { include: x.yaml } | \"include\"" })
    void hostileIncludesAreProblems(String yaml, String found) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/zero")));
        write("sub/x.txt", "");
        write("round1.yml", "include: round2.yml");
        write("round2.yml", "include: round1.yml");
        Files.createSymbolicLink(dir.resolve("turn"), Path.of("turn"));
        Files.createSymbolicLink(dir.resolve("link.yaml"), Path.of("main.yaml"));
        Files.createSymbolicLink(dir.resolve("dangling"), Path.of("nowhere"));
        for (int i = 0; i < 30; i++)
            write("deep/" + i, "include: " + (i + 1));

        List<String> problems = problems(yaml);
        assertThat(problems).isNotEmpty().allSatisfy(p -> assertThat(p).matches("[a-z0-9/.]+:\\d+:\\d+ .*"));
        assertThat(String.join("\n", problems)).contains(found.equals("2 problems") ? "\"x\"" : found.equals("missing")
                ? "a.yaml" : found);
    }

    @Test
    void aPipeIsNotWaitedFor() throws Exception {
        Process mkfifo;
        try {
            mkfifo = new ProcessBuilder("mkfifo", dir.resolve("pipe").toString()).start();
        } catch (IOException _) {
            assumeTrue(false, "no mkfifo");
            return;
        }
        assumeTrue(mkfifo.waitFor() == 0);

        assertThat(problems("include: [ pipe, 'pip?' ]")).allSatisfy(p -> assertThat(p).contains("a pipe")).hasSize(2);
    }

    @Test
    void aFileThatCannotBeHadIsNotToldTwice() throws Exception {
        assertThat(problems("virtual-mta: { v: { include: v.yaml } }")).singleElement().asString()
                .startsWith("main.yaml:1:30 \"v.yaml\", which does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/dev/zero", "/dev/null" })
    void devicesHaveAnEnd(String device) {
        assumeTrue(Files.exists(Path.of(device)));
        assertThat(ConfigReader.read(Path.of(device)).problems()).singleElement().extracting(Problem::found)
                .isIn("a longer file", "an empty file");
    }

    @Test
    void tenThousandFilesAreReadAndTenThousandTimesOneFileToo() throws Exception {
        for (int i = 0; i < 10_000; i++)
            write("many/" + i + ".yaml",
                    "virtual-mta: { v" + i
                            + ": { smtp-source-host: 192.0.2.1 v.example, include: '../common/*.yaml' } }");
        write("common/one.yaml", "domain: { x.example: { max-smtp-out: 3 } }");
        for (int i = 0; i < 20; i++)
            write("common/" + i + ".yaml", "{}");
        CaravanConfig c = read("include: [ 'many/*.yaml', 'many/1*.yaml'" + ", common/0.yaml".repeat(10_000) + " ]")
                .config();

        assertThat(c.virtualMtas()).hasSize(10_001);
        assertThat(c.settings("v9999", "x.example").maxSmtpOut()).isEqualTo(3);
    }

    /** Took 1.2 s on two busy cores; the limit only catches what grows faster than the files. */
    @Test
    void tenThousandVirtualMtasInAHundredFilesLoadSwiftly() throws Exception {
        for (int file = 0; file < 100; file++) {
            StringBuilder vmtas = new StringBuilder("virtual-mta:\n");
            for (int i = 0; i < 100; i++)
                vmtas.append("""
                          v%d-%d:
                            smtp-source-host: [ "10.0.%d.%d v%d-%d.example.com" ]
                            domain:
                              "*": { max-smtp-out: %d, max-msg-rate: 250/h }
                              "[*.]big%d.example": { max-smtp-out: 2, retry-after: [ 10m, 30m, 1h ], bounce-after: 1d }
                              yahoo.$tld: { max-msg-per-connection: 5 }
                        """.formatted(file, i, file, i, file, i, i + 1, i));
            write("vmtas/" + file + ".yaml", vmtas + "domain:\n  d" + file + ".example: { max-smtp-out: 4 }\n");
        }
        write("main.yaml", "include: 'vmtas/*.yaml'\ndomain-macro: { tld: [ com, co.uk, de, fr, it ] }\n");
        long from = System.nanoTime();
        ConfigReader.Result r = ConfigReader.read(dir.resolve("main.yaml"), () -> "gw.example.com");
        Duration took = Duration.ofNanos(System.nanoTime() - from);

        assertThat(r.problems()).isEmpty();
        assertThat(r.config().virtualMtas()).hasSize(10_001);
        assertThat(r.config().settings("v99-99", "yahoo.co.uk").maxMsgPerConnection()).isEqualTo(5);
        assertThat(r.config().settings("v99-99", "d7.example").maxSmtpOut()).isEqualTo(100);
        assertThat(r.config().settings("{default}", "d7.example").maxSmtpOut()).isEqualTo(4);
        assertThat(took).isLessThan(Duration.ofSeconds(10));
    }
}
