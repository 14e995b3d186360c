package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemPlacesTest {

    @Test
    void aProblemIsOneExactLine() {
        assertThat(ConfigReaderTest.read("""
                domain:
                  "*":
                    max-smpt-out: 5
                """).problems()).extracting(Problem::toString)
                .containsExactly("caravan.yaml:3:5: found \"max-smpt-out\", "
                        + "expected a directive of a domain block, hint: did you mean max-smtp-out?");
    }

    @Test
    void allProblemsAreToldAtOnceInFileOrder() {
        ConfigReader.Result r = ConfigReader.readText("c.yaml", """
                smtp-listener: [ "127.0.0.1:2525", "127.0.0.1:99999", "127.0.0.1:2525" ]
                host-name: "not a name"
                source:
                  300/8: { always-allow-relaying: maybe }
                  10/8: { default-virtual-mta: mta9 }
                virtual-mta:
                  mta1: { smtp-source-host: "192.0.2.1" }
                  mta2: {}
                domain:
                  "*": { max-smtp-out: 0, max-msg-rate: 5, retry-after: [ 10m, 5, 1y ] }
                acct-file: { path: a.csv, records: [ d, x ] }
                broker: { journal-buffer-timeout: 1s }
                total-max-smtp-in: 10
                total-max-smtp-in: 20
                """, () -> "gw.example.com");

        assertThat(r.good()).isFalse();
        assertThat(r.config()).isNull();
        assertThat(r.problems()).extracting(p -> p.line() + ":" + p.column() + " " + p.found()).containsExactly(
                "1:36 \"127.0.0.1:99999\"", "1:55 \"127.0.0.1:2525\" a second time", "2:12 \"not a name\"",
                "4:3 \"300/8\"", "4:35 \"maybe\"", "5:32 \"mta9\"", "7:29 \"192.0.2.1\"",
                "8:3 virtual-mta \"mta2\" without smtp-source-host", "10:24 \"0\"", "10:41 \"5\"", "10:64 \"5\"",
                "10:67 \"1y\"", "11:41 \"x\"", "12:35 \"1s\"", "14:1 \"total-max-smtp-in\" a second time");
        assertThat(r.problems()).allSatisfy(p -> {
            assertThat(p.file()).isEqualTo("c.yaml");
            assertThat(p.expected()).isNotBlank();
            assertThat(p.hint()).isNotBlank();
            assertThat(p.toString()).doesNotContain("\n");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "smtp-listner: 127.0.0.1:25                   | 1:1  | did you mean smtp-listener?",
            "Smtp-Listener: 127.0.0.1:25                  | 1:1  | did you mean smtp-listener?",
            "smtp_listener: 127.0.0.1:25                  | 1:1  | did you mean smtp-listener?",
            "max-smtp-out: 5                              | 1:1  | it belongs into a domain block",
            "always-allow-relaying: yes                   | 1:1  | it belongs into a source block",
            "domain: { '*': { host-name: a } }            | 1:18 | it belongs to the top level of the file, outside all blocks",
            "domain: { '*': { use-proxy: yes } }          | 1:18 | a PowerMTA directive that is not supported yet: take it away",
            "virtual-mta-pool: { p: {} }                  | 1:21 | say which VirtualMTAs share its mail",
            "virtual-mta-pool: { p: { virtual-mta: [ a ] } } | 1:41 | known are {default}",
            "virtual-mta-pool: { p: { virtual-mta: [ '{default} 0' ] } } | 1:41 | a weight is a number from 1 to 1000",
            "virtual-mta-pool: { '{default}': { virtual-mta: [ '{default}' ] } } | 1:21 | {default} is always a virtual-mta",
            "pattern-list: { l: [ 'rcpt-to /a/ call-to:l' ] } | 1:22 | take this line away",
            "pattern-list: { l: [ 'rcpt-to /a/ call-to:other' ] } | 1:22 | known are l",
            "pattern-list: { l: [ 'rcpt-to /a/ virtual-mta=x' ] } | 1:22 | known are {default}",
            "invalid-virtual-mta-fallback: x              | 1:31 | known are {default}",
            "source: { 10/8: { allowed-virtual-mtas: [ x ] } } | 1:43 | known are {default}",
            "domain: { '*': { reroute-to-virtual-mta: x } } | 1:1 | known are {default}",
            "domain: { a.example: { queue-to: b.example }, b.example: { queue-to: a.example } } | 1:1 | 'take one of the steps away; \"\" ends an inherited one'",
            "source: { '{a b}': {} }                      | 1:11 | 'the name of a source begins with a letter and holds letters, digits and . _ - + @; it may stand in { }'",
            "source: { 10/8: { default-virtual-mta: mta9 } } | 1:40 | known are {default}",
            "source: { 10/8: {}, 10.0.0.0/8: {} }         | 1:21 | merge the two blocks",
            "domain: { a.example: {}, A.Example: {} }     | 1:26 | merge the two blocks",
            "domain: { 'a.*.b': {} }                      | 1:11 | * stands only at the beginning",
            "domain: { '[192.0.2.0/33]': {} }             | 1:11 | behind the slash stands a number from 0 to 32",
            "domain: { '[192.0.2.0': {} }                 | 1:11 | 'a network of address literals looks like \"[192.0.2.0/24]\"'",
            "domain: { '[a.example]': {} }                | 1:11 | 'such as 127.0.0.0/8, 10/8, 0/0, 192.0.2.7 or 2001:db8::/32'",
            "domain: { '[10/8]': {}, '[10.1.2.3/8]': {} } | 1:25 | merge the two blocks",
            "domain: { '*': 5 }                           | 1:16 | 'write key: value lines, or { key: value }'",
            "domain: { '*': { max-smtp-out: [ 5 ] } }     | 1:32 | write one value",
            "domain: { '*': { max-smtp-out:  } }          | 1:31 | write a value behind the colon, or leave the line out",
            "domain: { '*': { max-msg-rate: 0/h } }       | 1:32 | write unlimited for no limit; 0 never means none at all",
            "domain: { '*': { max-rcpt-per-message: 5, max-rcpt-per-transaction: 6 } } | 1:43 | the first one is in line 1; merge the two, or take one away",
            "domain: { '*': { smtp-hosts: [ [ [ a ] ] ] } } | 1:34 | write one value",
            "virtual-mta: { '{x}': { smtp-source-host: 192.0.2.1 a.example } } | 1:16 | names in { } are reserved",
            "virtual-mta: { a/b: { smtp-source-host: 192.0.2.1 a.example } } | 1:16 | 1 to 100 letters, digits, and . _ - + @",
            "virtual-mta: { {default}: {} }               | 1:16 | 'put names that begin with a bracket in quotes: \"{default}\":'",
            "virtual-mta: { a: { smtp-source-host: [ 192.0.2.1 a.example, 192.0.2.1 b.example ] } } | 1:62 | take the second one away",
            "virtual-mta: { a: { smtp-source-host: [] } } | 1:39 | at least one is needed",
            "virtual-mta: { a: { smtp-source-host: 192.0.2.0/24 a.example } } | 1:39 | 'one address, not a network: name each address in an entry of its own'",
            "acct-file: [ { records: d } ]                | 1:14 | say where the records go",
            "acct-file: acct.csv                          | 1:12 | 'write key: value lines, or { key: value }'",
            "'acct-file: { path: ''|'' }'                 | 1:20 | 'name a program: |/usr/bin/loader'",
            "'acct-file: { path: a, record-fields: d x }' | 1:38 | there is no column x",
            "'acct-file: { path: a, record-fields: t * }' | 1:23 | 'add t to records, or take the line away'",
            "'acct-file: { path: a, record-fields: d rcvSourceIp }' | 1:38 | a record of type d has no rcvSourceIp",
            "acct-file: { path: a, write-timeout: 1m }    | 1:23 | it holds for commands only",
            "acct-file: { path: a, max-size: 1k }         | 1:33 | the lowest value is 1M",
            "acct-file: { path: a, move-to: b, delete-after: 1d } | 1:35 | 'what was moved is not deleted here: take delete-after away'",
            "acct-file: { path: a, privacy-policy: rcpt siphash k } | 1:39 | 'siphash is not supported: use hmac-sha256'",
            "acct-file: { path: a, transport-to: elsewhere } | 1:37 | 'a component, a colon, and where to'",
            "acct-file: [ { path: a }, { path: a } ]      | 1:35 | 'merge the two, or name another file'",
            "acct-file: { path: a, records: [ d, rb ] }   | 1:37 | this record type is not supported yet: take it away",
            "acct-file: { path: a, records: [ d, d ] }    | 1:37 | take the second one away",
            "smtp-listener: [ '0/0:25', '192.0.2.1:25' ]  | 1:1  | the first one already takes the port on every address: take the second away",
            "smtp-listener: localhost:25                  | 1:16 | 'names are not looked up here: write 127.0.0.1'",
            "name-server: 192.0.2.1:0                     | 1:14 | a port is a number from 1 to 65535",
            "max-message-size: 10MB                       | 1:19 | 'a whole number and one of the units b, k, m, g, t, without blanks: 10M'",
            "smtp-data-timeout: 600                       | 1:20 | 'a unit is missing: 600s for seconds'",
            "just text                                    | 1:1  | 'write key: value lines, or { key: value }'",
            "*.example.com: {}                            | 1:2  | 'put patterns that begin with * in quotes: \"*.example.com\"'" })
    void placeAndRemedy(String yaml, String place, String hint) {
        assertThat(ConfigReaderTest.read(yaml.replace("'[192", "'[192")).problems())
                .extracting(p -> p.line() + ":" + p.column() + " " + p.hint()).containsExactly(place + " " + hint);
    }

    @Test
    void columnsCountCharactersNotBytes() {
        assertThat(ConfigReaderTest.read("domain: { b\u00fccher.example: {}, \ud83d\udce7: { x: 1 } }").problems())
                .extracting(Problem::column).contains(36);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "smtp-listener: 127.0.0.1:25  | no source that may relay",
            "acct-file: { path: a }       | no smtp-listener",
            "host-name: gateway           | the host name \"gateway\"",
            "{ smtp-listener: '0/0:25', source: { 0/0: { always-allow-relaying: yes } } } | relaying allowed for 0.0.0.0/0",
            "source: { 10.1.2.3/8: {} }   | \"10.1.2.3/8\"",
            "{ max-message-size: 1M, source: { 10/8: { max-message-size: 2M } } } | max-message-size of 10.0.0.0/8 above the one for all",
            "domain: { '*': { retry-after: 1h, bounce-after: 30m } } | 30m" })
    void warningsDoNotStopAnything(String yaml, String found) {
        ConfigReader.Result r = ConfigReaderTest.read(yaml);

        assertThat(r.good()).isTrue();
        assertThat(r.warnings()).extracting(Problem::found).contains(found);
    }

    @Test
    void filesThatCannotBeRead(@TempDir Path dir) throws Exception {
        Path empty = Files.writeString(dir.resolve("empty.yaml"), "# nothing\n");

        assertThat(ConfigReader.read(dir.resolve("none.yaml")).problems()).singleElement().satisfies(p -> {
            assertThat(p.toString()).startsWith(dir.resolve("none.yaml") + ":1:1: found no such file, expected ");
        });
        assertThat(ConfigReader.read(dir).problems()).extracting(Problem::found).containsExactly("a directory");
        assertThat(ConfigReader.read(empty).problems()).extracting(Problem::found).containsExactly("an empty file");
    }
}
