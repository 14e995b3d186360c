package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class HostileYamlTest {

    /** A tag that named this class would count. */
    public static class Trap {
        static final AtomicInteger MADE = new AtomicInteger();

        public Trap() {
            MADE.incrementAndGet();
        }
    }

    @Test
    void tagsNeverMakeObjects() {
        String trap = "!!" + Trap.class.getName();
        ConfigReader.Result r = ConfigReaderTest.read("""
                host-name: %1$s {}
                smtp-listener: [ %1$s "127.0.0.1:25" ]
                source: %1$s { 10/8: %1$s {} }
                max-message-size: !!javax.script.ScriptEngineManager [ !!java.net.URL [ "http://127.0.0.1/" ] ]
                acct-file: !own { path: a }
                """.formatted(trap));

        assertThat(r.good()).isFalse();
        assertThat(r.problems()).hasSize(5).allSatisfy(p -> assertThat(p.found()).startsWith("the tag \""));
        assertThat(Trap.MADE).hasValue(0);
    }

    @Test
    void aliasBombsEnd() {
        String levels = IntStream.range(1, 12).mapToObj(i -> "l%d: &l%d { <<: [%s] }".formatted(i, i,
                String.join(",", java.util.Collections.nCopies(50, "*l" + (i - 1))))).collect(Collectors.joining("\n"));
        assertThat(ConfigReaderTest.read("l0: &l0 { a: b }\n" + levels + "\nsource: { 10/8: *l11 }").good()).isFalse();

        String hosts = "a: &a [" + "x,".repeat(5_000) + "x]\nb: &b [" + "*a,".repeat(5_000) + "*a]\n"
                + "domain: { '*': { smtp-hosts: *b }, c.example: { smtp-hosts: *b } }";
        assertThat(ConfigReaderTest.read(hosts).problems()).extracting(Problem::found)
                .contains("more than 2000000 values");
    }

    @Test
    void tooManyAliasesAreRefused() {
        assertThat(ConfigReaderTest.read("a: &a [x]\nb: [" + "*a,".repeat(30_000) + "*a]").good()).isFalse();
    }

    @Test
    void blocksThatContainThemselvesAreRefused() {
        assertThat(ConfigReaderTest.read("source: &s { 10/8: *s }").good()).isFalse();
        assertThat(ConfigReaderTest.read("domain: { '*': { smtp-hosts: &s [ *s ] } }").good()).isFalse();
        assertThat(ConfigReaderTest.read("domain: &d { '*': { <<: *d } }").good()).isFalse();
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(ConfigReaderTest.read("a: " + "[".repeat(100_000)).problems()).singleElement()
                .satisfies(p -> assertThat(p.found()).contains("broken YAML"));
        assertThat(ConfigReaderTest.read("a: " + "{b: ".repeat(100_000)).good()).isFalse();
        assertThat(ConfigReaderTest.read("- ".repeat(100_000)).good()).isFalse();
    }

    @Test
    void endlessMistakesAreCutOff() {
        assertThat(ConfigReaderTest.read(IntStream.range(0, 50_000).mapToObj(i -> "k" + i + ": 1\n")
                .collect(Collectors.joining())).problems()).hasSize(1_000);
    }

    @Test
    void hugeNumbersAreRefusedOrHeld() {
        String nines = "9".repeat(5_000);
        ConfigReader.Result r = ConfigReaderTest.read("""
                total-max-smtp-in: %1$s
                max-message-size: %1$st
                smtp-data-timeout: %1$sw
                name-server: 192.0.2.1:%1$s
                source: { 10/%1$.900s: {} }
                """.formatted(nines));

        assertThat(r.problems()).hasSize(5).allSatisfy(p -> assertThat(p.toString()).hasSizeLessThan(400));
        assertThat(ConfigReaderTest.read("domain: { '*': { max-msg-rate: " + nines + "/s } }").config()
                .settings("{default}", "x").maxMsgRate().count()).isEqualTo(RateGrammar.HIGHEST_COUNT);
    }

    @Test
    void tabsAreExplained() {
        assertThat(ConfigReaderTest.read("source:\n\t10/8: {}\n").problems()).singleElement().satisfies(p -> {
            assertThat(p.line()).isEqualTo(2);
            assertThat(p.column()).isEqualTo(1);
            assertThat(p.hint()).isEqualTo("indent with blanks, not with tabs");
        });
    }

    @Test
    void controlCharactersAndOtherCharsetsAreToldWithTheirPlace(@TempDir Path dir) throws Exception {
        Path latin = Files.write(dir.resolve("latin.yaml"),
                "# ok\ndomain: { m\u00fcller.example: {} }\n".getBytes(StandardCharsets.ISO_8859_1));
        Path utf16 = Files.write(dir.resolve("utf16.yaml"), "a: b".getBytes(StandardCharsets.UTF_16));

        assertThat(ConfigReader.read(latin).problems()).singleElement().satisfies(p -> {
            assertThat(p.toString()).startsWith(latin + ":2:12: found the byte 0xFC, expected UTF-8 text");
        });
        assertThat(ConfigReader.read(utf16).problems()).singleElement()
                .satisfies(p -> assertThat(p.expected()).isEqualTo("UTF-8 text"));
        assertThat(ConfigReaderTest.read("a: b\nc: \u0007\n").problems()).singleElement().satisfies(p -> {
            assertThat(p.line()).isEqualTo(2);
            assertThat(p.column()).isEqualTo(4);
        });
    }

    @Test
    void aByteOrderMarkDoesNoHarm(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("bom.yaml"), "\uFEFF" + ConfigReaderTest.EXAMPLE);

        assertThat(ConfigReader.read(file, () -> "gw.example.com").problems()).isEmpty();
    }

    @Test
    void brokenYamlHasItsPlace() {
        assertThat(ConfigReaderTest.read("smtp-listener: [ \"127.0.0.1:25\"\nsource: {}\n").problems()).singleElement()
                .satisfies(p -> {
                    assertThat(p.line()).isEqualTo(2);
                    assertThat(p.hint()).isEqualTo("a bracket or a comma is missing here or before");
                });
        assertThat(ConfigReaderTest.read("a: b\n---\nc: d\n").problems()).singleElement()
                .satisfies(p -> assertThat(p.hint()).startsWith("one file holds one document"));
    }

    @Test
    void anchorsAndMergeKeysWork() {
        CaravanConfig c = ConfigReaderTest.read("""
                domain:
                  "*": &slow { max-smtp-out: 2, max-msg-rate: 5/h }
                  a.example: { <<: *slow, max-smtp-out: 3 }
                  b.example: *slow
                """).config();

        assertThat(c.settings("{default}", "a.example").maxSmtpOut()).isEqualTo(3);
        assertThat(c.settings("{default}", "a.example").maxMsgRate()).isEqualTo(Rate.parse("5/h"));
        assertThat(c.settings("{default}", "b.example").maxSmtpOut()).isEqualTo(2);
    }
}
