package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Against a plain reference: sort what matches, let the last one that says something win. */
class InheritanceTest {

    private static final List<String> DOMAINS = List.of("a", "b.a", "c.b.a", "x.c.b.a", "b", "a.b", "");

    /** Which number a block gives to max-smtp-out and which to mx-connection-attempts; 0: says nothing. */
    record Said(int out, int attempts) {
        String yaml() {
            return "{ " + (out > 0 ? "max-smtp-out: " + out + ", " : "")
                    + (attempts > 0 ? "mx-connection-attempts: " + attempts : "") + " }";
        }
    }

    @Provide
    Arbitrary<Map<String, Said>> blocks() {
        Arbitrary<Said> said = Arbitraries.integers().between(0, 90).flatMap(
                o -> Arbitraries.integers().between(0, 90).map(a -> new Said(o < 30 ? 0 : o, a < 30 ? 0 : a)));
        return Arbitraries
                .maps(Arbitraries.of("*", "a", "*.a", "[*.]a", "b.a", "*.b.a", "[*.]b.a", "c.b.a", "[*.]c.b.a", "b"),
                        said)
                .ofMaxSize(8);
    }

    @Property(tries = 500)
    void theMostSpecificPatternWinsWhateverTheOrder(@ForAll("blocks") Map<String, Said> global,
            @ForAll("blocks") Map<String, Said> own, @ForAll Random random) {
        CaravanConfig c = ConfigReaderTest.read("virtual-mta: { v: { smtp-source-host: 192.0.2.1 v.example, domain: "
                + yaml(own, random) + " } }\ndomain: " + yaml(global, random)).config();

        for (String domain : DOMAINS) {
            check(c.settings("v", domain), domain, global, own);
            check(c.settings("v", domain.toUpperCase(java.util.Locale.ROOT)), domain, global, own);
            check(c.settings("{default}", domain), domain, global, Map.of());
            check(c.settings("unknown", domain), domain, global, Map.of());
        }
    }

    private static void check(DomainSettings found, String domain, Map<String, Said> global, Map<String, Said> own) {
        int out = 20;
        int attempts = 10;
        List<Said> matching = new ArrayList<>(matching(global, domain));
        matching.addAll(matching(own, domain));
        for (Said s : matching) {
            out = s.out() > 0 ? s.out() : out;
            attempts = s.attempts() > 0 ? s.attempts() : attempts;
        }
        assertThat(found.maxSmtpOut()).isEqualTo(out);
        assertThat(found.mxConnectionAttempts()).isEqualTo(attempts);
    }

    private static List<Said> matching(Map<String, Said> blocks, String domain) {
        return blocks.entrySet().stream().filter(e -> matches(e.getKey(), domain))
                .sorted(Comparator.comparingInt(e -> specificity(e.getKey()))).map(Map.Entry::getValue).toList();
    }

    private static boolean matches(String pattern, String domain) {
        if (pattern.equals("*"))
            return true;
        if (pattern.startsWith("[192."))
            return domain.startsWith("[192.0.2.") && (pattern.endsWith("/24]") || domain.equals("[192.0.2.9]"));
        if (pattern.startsWith("[*.]"))
            return domain.equals(pattern.substring(4)) || domain.endsWith(pattern.substring(3).replace("]", ""));
        return pattern.startsWith("*.") ? domain.endsWith(pattern.substring(1)) : domain.equals(pattern);
    }

    private static int specificity(String pattern) {
        if (pattern.equals("*"))
            return -1;
        if (pattern.startsWith("[192."))
            return pattern.endsWith("/24]") ? 24 : 29;
        String name = pattern.replace("[*.]", "").replace("*.", "");
        int labels = 10 * name.split("\\.").length;
        return pattern.startsWith("[") ? labels : labels + 1;
    }

    private static String yaml(Map<String, Said> blocks, Random random) {
        List<String> lines = blocks.entrySet().stream().map(e -> "\"" + e.getKey() + "\": " + e.getValue().yaml())
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(lines, random);
        return "{ " + String.join(", ", lines) + " }";
    }

    /** One line of a domain block, in one of several files. */
    record Line(String pattern, Said said) {
        String yaml() {
            return "\"" + pattern + "\": " + said.yaml();
        }
    }

    private static final Map<String, List<String>> MACROS = Map.of("m", List.of("a", "*.b.a"), "n",
            List.of("a", "b.$o"), "o", List.of("a", "c.b.a"));

    /** The lines of three files, each with every pattern at most once. */
    @Provide
    Arbitrary<List<List<Line>>> files() {
        Arbitrary<Said> said = Arbitraries.integers().between(0, 90).flatMap(
                o -> Arbitraries.integers().between(0, 90).map(a -> new Said(o < 30 ? 0 : o, a < 30 ? 0 : a)));
        return Arbitraries
                .maps(Arbitraries.of("*", "a", "*.a", "[*.]a", "b.a", "$m", "$n", "x.$o", "[*.]$o", "b.$n",
                        "[192.0.2.0/24]", "[192.0.2.8/29]"), said)
                .ofMaxSize(7)
                .map(m -> m.entrySet().stream().map(e -> new Line(e.getKey(), e.getValue())).toList()).list().ofSize(3);
    }

    /** Two files are included, the third is the one that includes them. */
    @Property(tries = 300)
    void filesMacrosAndLiteralsAreLaidOverEachOther(@ForAll("files") List<List<Line>> global,
            @ForAll("files") List<List<Line>> own) throws IOException {
        Path dir = Files.createDirectories(Path.of("target", "inheritance"));
        for (int i = 0; i < 2; i++) {
            Files.writeString(dir.resolve("g" + i), "domain: " + lines(global.get(i)));
            Files.writeString(dir.resolve("v" + i), "domain: " + lines(own.get(i)));
        }
        ConfigReader.Result r = ConfigReader.readText(dir.resolve("main").toString(), """
                include: g?
                domain-macro: { m: [ a, "*.b.a" ], n: [ a, b.$o ], o: "a, c.b.a" }
                virtual-mta: { v: { smtp-source-host: 192.0.2.1 v.example, include: [ v0, v1 ], domain: %s } }
                domain: %s
                """.formatted(lines(own.get(2)), lines(global.get(2))), () -> "gw.example.com");
        assertThat(r.problems()).isEmpty();

        for (String domain : List.of("a", "b.a", "c.b.a", "x.a", "x.c.b.a", "b.c.b.a", "b.b.a", "z", "[192.0.2.1]",
                "[192.0.2.9]", "[192.0.3.9]")) {
            checkLines(r, "v", domain, List.of(global, own));
            checkLines(r, "{default}", domain, List.of(global));
        }
    }

    private static String lines(List<Line> lines) {
        return lines.stream().map(Line::yaml).collect(Collectors.joining(", ", "{ ", " }"));
    }

    private static void checkLines(ConfigReader.Result r, String virtualMta, String domain,
            List<List<List<Line>>> layers) {
        int out = 20;
        int attempts = 10;
        for (List<List<Line>> layer : layers)
            for (Said s : sorted(layer, domain)) {
                out = s.out() > 0 ? s.out() : out;
                attempts = s.attempts() > 0 ? s.attempts() : attempts;
            }
        DomainSettings found = r.config().settings(virtualMta, domain);
        assertThat(found.maxSmtpOut()).as(virtualMta + " " + domain).isEqualTo(out);
        assertThat(found.mxConnectionAttempts()).as(virtualMta + " " + domain).isEqualTo(attempts);
        assertThat(r.origins().queue(virtualMta, domain)).filteredOn(v -> v.directive().equals("max-smtp-out"))
                .extracting(Origins.Value::value).containsExactly(String.valueOf(out));
    }

    /** By pattern, then macros before what is written out, then by file and line. */
    private static List<Said> sorted(List<List<Line>> files, String domain) {
        List<Map.Entry<Integer, Said>> found = new ArrayList<>();
        for (List<Line> file : files)
            for (Line line : file)
                for (String pattern : expand(line.pattern()))
                    if (matches(pattern, domain))
                        found.add(Map.entry(2 * specificity(pattern) + (line.pattern().contains("$") ? 0 : 1),
                                line.said()));
        return found.stream().sorted(Comparator.comparingInt(Map.Entry::getKey)).map(Map.Entry::getValue).toList();
    }

    private static List<String> expand(String pattern) {
        int dollar = pattern.indexOf('$');
        if (dollar < 0)
            return List.of(pattern);
        return MACROS.get(pattern.substring(dollar + 1)).stream()
                .flatMap(item -> expand(pattern.substring(0, dollar) + item).stream()).toList();
    }

    @Provide
    Arbitrary<List<List<Integer>>> networks() {
        return Arbitraries.integers().between(0, 255).list().ofSize(3).list().ofMaxSize(12);
    }

    /** Networks over the last octet only, so that they often lie within each other. */
    @Property(tries = 300)
    void theMostSpecificNetworkWinsAndInherits(@ForAll("networks") List<List<Integer>> drawn)
            throws UnknownHostException {
        Map<Cidr, Integer> said = new java.util.LinkedHashMap<>();
        for (List<Integer> d : drawn)
            said.putIfAbsent(new Cidr(new byte[] { 10, 0, 0, d.get(0).byteValue() }, 22 + d.get(1) % 11), d.get(2) % 3);
        Sources sources = ConfigReaderTest.read("source: { " + said.entrySet().stream()
                .map(e -> e.getKey() + ": { " + (e.getValue() == 0 ? "" : "hide-message-source: " + (e.getValue() == 1))
                        + " }")
                .collect(Collectors.joining(", ")) + " }").config().sources();

        for (int last = 0; last < 256; last++) {
            InetAddress client = InetAddress.getByAddress(new byte[] { 10, 0, 0, (byte) last });
            boolean hidden = false;
            Cidr best = null;
            for (Map.Entry<Cidr, Integer> e : said.entrySet().stream().filter(n -> n.getKey().contains(client))
                    .sorted(Comparator.comparingInt(n -> n.getKey().prefixLength())).toList()) {
                best = e.getKey();
                hidden = e.getValue() == 0 ? hidden : e.getValue() == 1;
            }
            Source found = sources.of(client);
            assertThat(found.hideMessageSource()).isEqualTo(hidden);
            if (best == null)
                assertThat(found).isSameAs(Source.NOBODY);
            else
                assertThat(found.network()).isEqualTo(best);
        }
    }

    @Test
    void domainsOfEqualSettingsShareThemAndTheCacheIsBounded() {
        CaravanConfig c = ConfigReaderTest.read(ConfigReaderTest.EXAMPLE).config();
        DomainSettings first = c.settings("mta1", "d0.example");
        for (int i = 0; i < 3 * DomainLayers.MOST_CACHED; i++)
            assertThat(c.settings("mta1", "d" + i + ".example") == first).isTrue();

        assertThat(((DomainLayers) c.domains()).cached()).isLessThanOrEqualTo(DomainLayers.MOST_CACHED);
    }

    @Test
    void layersAreBuiltOnce() {
        CaravanConfig c = ConfigReaderTest.read("""
                virtual-mta: { v: { smtp-source-host: 192.0.2.1 v.example, domain: { "*": { max-smtp-out: 2 } } } }
                domain: { "*": { max-smtp-out: 1 }, x.example: { max-smtp-out: 3 } }
                """).config();
        Domains own = c.virtualMtas().get("v").domains();

        assertThat(own.over(c.domains())).isSameAs(own.over(c.domains()));
        assertThat(c.settings("v", "x.example").maxSmtpOut()).isEqualTo(2);
        assertThat(c.settings("{default}", "x.example").maxSmtpOut()).isEqualTo(3);
        assertThat(Domains.none().over(c.domains())).isSameAs(c.domains());
        assertThat(own.over(Domains.none()).settings("x.example").maxSmtpOut()).isEqualTo(2);
        assertThat(Domains.none().settings("x.example").maxSmtpOut()).isEqualTo(20);
    }

    @Test
    void theDefaultVirtualMtaMayHaveSettingsAndAddresses() {
        CaravanConfig c = ConfigReaderTest.read("""
                virtual-mta:
                  "{default}": { domain: { x.example: { max-smtp-out: 7 } } }
                """).config();

        assertThat(c.virtualMtas()).containsOnlyKeys("{default}");
        assertThat(c.virtualMtas().get("{default}").sourceHosts()).isEmpty();
        assertThat(c.settings("{default}", "x.example").maxSmtpOut()).isEqualTo(7);
    }
}
