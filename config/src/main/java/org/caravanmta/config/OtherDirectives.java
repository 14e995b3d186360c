package org.caravanmta.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.caravanmta.config.yaml.Vocabulary;

/** What to say about a word that the block at hand does not take, but that operators know from somewhere. */
final class OtherDirectives {

    private OtherDirectives() {
    }

    /** For the vocabulary of {@code block}: the hint for a word, or empty when it is no directive at all. */
    static Function<String, Optional<String>> notIn(String block) {
        return word -> {
            for (Map.Entry<String, Vocabulary> v : Vocabularies.BY_BLOCK.entrySet())
                if (!v.getKey().equals(block) && v.getValue().words().contains(word))
                    return Optional.of(
                            v.getKey().equals("global") ? "it belongs to the top level of the file, outside all blocks"
                                    : "it belongs into a " + v.getKey() + " block");
            return Planned.WORDS.contains(word)
                    ? Optional.of("a PowerMTA directive that is not supported yet: take it away") : Optional.empty();
        };
    }

    /** All vocabularies, by the name of their block. */
    static final class Vocabularies {

        static final Map<String, Vocabulary> BY_BLOCK = byBlock();

        private Vocabularies() {
        }

        private static Map<String, Vocabulary> byBlock() {
            Map<String, Vocabulary> map = new LinkedHashMap<>();
            map.put("global", GlobalKeys.VOCABULARY);
            map.put("source", SourceKeys.VOCABULARY);
            map.put("user", BrokerReader.USER_VOCABULARY);
            map.put("domain", DomainKeys.VOCABULARY);
            map.put("virtual-mta", VirtualMtaKeys.VOCABULARY);
            map.put("virtual-mta-pool", PoolKeys.VOCABULARY);
            map.put("job", JobKeys.VOCABULARY);
            map.put("acct-file", AcctFileKeys.VOCABULARY);
            map.put("broker", BrokerKeys.VOCABULARY);
            map.put("dns", DnsKeys.VOCABULARY);
            return map;
        }
    }

    private static final class Planned {

        static final Set<String> WORDS = read();

        private static Set<String> read() {
            try (InputStream in = OtherDirectives.class.getResourceAsStream("planned-directives.txt")) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                        .filter(l -> !l.startsWith("#")).flatMap(l -> Set.of(l.split("\\s+")).stream())
                        .filter(w -> !w.isEmpty()).collect(Collectors.toUnmodifiableSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
