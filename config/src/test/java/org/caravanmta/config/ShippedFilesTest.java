package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.OtherDirectives.Vocabularies;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files that operators get: they must say what the reader does. */
class ShippedFilesTest {

    static Stream<Map.Entry<String, Vocabulary>> vocabularies() {
        return Vocabularies.BY_BLOCK.entrySet().stream();
    }

    @Test
    void theShippedConfigurationIsGood() {
        ConfigReader.Result r = ConfigReader.read(Path.of("conf/caravan.yaml"), () -> "gw.example.com");

        assertThat(r.problems()).isEmpty();
        assertThat(r.warnings()).isEmpty();
        CaravanConfig c = r.config();
        assertThat(c.smtpListeners()).hasToString("[127.0.0.1:2525]");
        assertThat(c.sources().of(InetAddress.ofLiteral("127.0.0.1")).alwaysAllowRelaying()).isTrue();
        assertThat(c.sources().list()).hasSize(1);
        assertThat(c.virtualMtas()).containsOnlyKeys("{default}");
        assertThat(c.settings("{default}", "example.com").smtpHosts()).isEmpty();
        assertThat(c.acctFiles()).containsExactly(AcctFile.of("acct.csv", RecordType.D, RecordType.B, RecordType.T));
    }

    /** Uncommented, the examples in the shipped file work too: what follows {@code # } and looks like YAML. */
    @Test
    void theExamplesInTheShippedConfigurationAreGood() throws IOException {
        String all = Files.readString(Path.of("conf/caravan.yaml"))
                .replaceAll("(?m)^( *)# (?=( *[a-z0-9\"/.*-]+:( |$)))(?!yaml-language)(?!Check)(?!As shipped)", "$1");

        ConfigReader.Result r = ConfigReader.readText("caravan.yaml", all, () -> "gw.example.com");

        assertThat(r.problems()).isEmpty();
        assertThat(r.config().virtualMtas()).containsOnlyKeys("mta1", "mta2", "{default}");
        assertThat(r.config().sources().list()).hasSize(2);
        assertThat(r.config().domains().patterns()).containsExactly("*", "example.com", "internal.example");
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void theSchemaKnowsWhatTheReaderKnows(Map.Entry<String, Vocabulary> block) throws IOException {
        Map<?, ?> root = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(Path.of("conf/caravan.schema.json")));
        Map<?, ?> schema = block.getKey().equals("global") ? root
                : (Map<?, ?>) ((Map<?, ?>) root.get("definitions")).get(block.getKey());

        assertThat(new TreeSet<Object>(((Map<?, ?>) schema.get("properties")).keySet()))
                .isEqualTo(new TreeSet<Object>(block.getValue().words()));
        assertThat(schema.get("additionalProperties")).isEqualTo(false);
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void thePageTellsEveryDirectiveWithItsDefault(Map.Entry<String, Vocabulary> block) throws IOException {
        String page = Files.readString(Path.of("../docs/operate/configuration.md"));
        String title = "\n## " + (block.getKey().equals("global") ? "Top level" : block.getKey()) + "\n";
        String section = page.substring(page.indexOf(title) + title.length());
        section = section.contains("\n## ") ? section.substring(0, section.indexOf("\n## ")) : section;
        Map<String, String> defaults = section.lines().filter(l -> l.startsWith("| `")).map(l -> l.split(" *\\| *"))
                .filter(cells -> cells.length > 4)
                .collect(java.util.stream.Collectors.toMap(cells -> cells[1].replace("`", ""), cells -> cells[4]));

        for (Key<?> key : block.getValue().keys())
            assertThat(defaults.getOrDefault(key.name(), "missing row")).as(key.name())
                    .startsWith(key.written() == null || key.written().isEmpty() ? "none" : "`" + key.written() + "`");
        assertThat(defaults).hasSize(block.getValue().keys().size() + block.getValue().blocks().size());
    }
}
