package org.caravanmta.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.value.WholeNumber;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Vocabulary;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The directives of the {@code dns} block. {@code edns-udp-length} is what the DNS flag day 2020 agreed on: it passes
 * every path without fragments.
 */
final class DnsKeys {

    static final Key<String> PRECACHED_DOMAINS_FILE = Key.of("precached-domains-file",
            new One<>(new Text("the path of a file with one domain a line")));
    static final Key<Duration> PRECACHED_DOMAINS_REFRESH_INTERVAL = Key.of("precached-domains-refresh-interval",
            new One<>(new Interval(Duration.ofSeconds(1), Duration.ofDays(1))), "5m");
    static final Key<Integer> PRECACHED_DOMAINS_MAX_DOMAINS = Key.of("precached-domains-max-domains",
            new One<>(new WholeNumber(1, 10_000)), "500");
    static final Key<Integer> EDNS_UDP_LENGTH = Key.of("edns-udp-length", new One<>(new WholeNumber(512, 4_096)),
            "1232");
    static final Key<Duration> CHECK_DNS_INTERVAL = Key.of("check-dns-interval",
            new One<>(new Interval(Duration.ZERO, Duration.ofDays(30))), "0");
    static final Key<List<String>> CHECK_DNS_FROM = Key.of("check-dns-from",
            new ListOf<>(new HostName(), d -> d, 0, 1_000), "");

    static final Vocabulary VOCABULARY = new Vocabulary("the dns block",
            List.of(PRECACHED_DOMAINS_FILE, PRECACHED_DOMAINS_REFRESH_INTERVAL, PRECACHED_DOMAINS_MAX_DOMAINS,
                    EDNS_UDP_LENGTH, CHECK_DNS_INTERVAL, CHECK_DNS_FROM),
            Set.of(), OtherDirectives.notIn("dns"));

    private DnsKeys() {
    }

    static DnsSettings read(Block block, Problems problems) {
        Settings s = block.agreedSettings(VOCABULARY);
        return effective(s, s.says(PRECACHED_DOMAINS_FILE)
                ? file(block.entry(PRECACHED_DOMAINS_FILE.name()).value(), s.get(PRECACHED_DOMAINS_FILE), problems)
                : null);
    }

    static DnsSettings byDefault() {
        return effective(Settings.NONE, null);
    }

    private static DnsSettings effective(Settings s, Path precached) {
        return new DnsSettings(s.get(EDNS_UDP_LENGTH), precached, s.get(PRECACHED_DOMAINS_REFRESH_INTERVAL),
                s.get(PRECACHED_DOMAINS_MAX_DOMAINS), s.get(CHECK_DNS_INTERVAL), s.get(CHECK_DNS_FROM));
    }

    private static Path file(Node at, String written, Problems problems) {
        try {
            Path folder = Path.of(at.getStartMark().getName()).toAbsolutePath().getParent();
            Path path = folder.resolve(written).normalize();
            if (Files.isReadable(path) && !Files.isDirectory(path))
                return path;
            problems.add(at, Problems.quote(written) + ", which cannot be read", "a file with one domain a line",
                    "relative paths begin at the folder of this file: " + path);
        } catch (InvalidPathException _) {
            problems.add(at, Problems.quote(written), "the path of a file", "take the odd characters out");
        }
        return null;
    }
}
