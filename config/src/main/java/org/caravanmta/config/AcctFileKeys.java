package org.caravanmta.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.NameFilter;
import org.caravanmta.config.accounting.Privacy;
import org.caravanmta.config.accounting.QueueFilter;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Size;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.Lines;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of one {@code acct-file}. */
final class AcctFileKeys {

    static final Key<String> PATH = Key.of("path",
            new One<>(new Text("the path of a file, such as acct.csv, or a command behind |")));
    static final Key<List<RecordType>> RECORDS = Key.of("records",
            new ListOf<>(new RecordTypeGrammar(), c -> c, 1, 10), "d,b");
    static final Key<AcctFormat> FORMAT = Key.of("format", new One<>(new FormatGrammar()));
    static final Key<List<RecordFields>> RECORD_FIELDS = Key.of("record-fields",
            new Lines<>(new RecordFields.Form(), 10), "");
    static final Key<String> USER_STRING = Key.of("user-string", new One<>(new Text("a text")));
    static final Key<Boolean> ISO_TIMES = Key.of("iso-times", new One<>(new YesNo()), "yes");
    static final Key<Boolean> FORMULA_GUARD = Key.of("formula-guard", new One<>(new YesNo()), "yes");
    static final Key<List<QueueFilter>> QUEUE_FILTER = Key.of("queue-filter",
            new ListOf<>(new QueueFilter.Form(), null, 0, 10_000), "");
    static final Key<List<NameFilter>> VIRTUAL_MTA_FILTER = Key.of("virtual-mta-filter",
            new ListOf<>(new NameFilter.Form(), null, 0, 10_000), "");
    static final Key<List<NameFilter>> JOB_FILTER = Key.of("job-filter",
            new ListOf<>(new NameFilter.Form(), null, 0, 10_000), "");
    static final Key<List<Privacy>> PRIVACY_POLICY = Key.of("privacy-policy", new Lines<>(new Privacy.Form(), 100), "");
    static final Key<String> MOVE_TO = Key.of("move-to", new One<>(new Text("a folder")));
    static final Key<Duration> MOVE_INTERVAL = interval("move-interval", Duration.ofSeconds(1), Duration.ofDays(366),
            "1d");
    static final Key<Long> MAX_SIZE = Key.of("max-size", new One<>(new Size(1 << 20, 1L << 40)), "250M");
    static final Key<Optional<Duration>> DELETE_AFTER = Key.of("delete-after", new One<>(new OrNever(
            new Interval(Duration.ofHours(1), Duration.ofDays(3660)))), "never");
    static final Key<Boolean> WORLD_READABLE = Key.of("world-readable", new One<>(new YesNo()), "no");
    static final Key<Boolean> SYNC = Key.of("sync", new One<>(new YesNo()), "yes");
    static final Key<String> TRANSPORT_TO = Key.of("transport-to", new One<>(new EndpointUri()));
    static final Key<Duration> RETRY_INTERVAL = interval("retry-interval", Duration.ofSeconds(1), Duration.ofHours(24),
            "5m");
    static final Key<Duration> WRITE_TIMEOUT = interval("write-timeout", Duration.ofSeconds(1), Duration.ofHours(24),
            "1m");
    static final Key<java.net.URI> WEBHOOK_URL = Key.of("http-webhook-url", new One<>(new WebUrl()));
    static final Key<String> WEBHOOK_EXTRA_HEADERS = Key.of("http-webhook-extra-headers",
            new One<>(new Text("a file")));
    static final Key<Duration> WEBHOOK_MAX_INTERVAL = interval("http-webhook-max-interval", Duration.ofSeconds(1),
            Duration.ofHours(1), "10s");
    static final Key<Duration> WEBHOOK_CONNECT_TIMEOUT = interval("http-webhook-connect-timeout", Duration.ofSeconds(1),
            Duration.ofMinutes(10), "5s");
    static final Key<Duration> WEBHOOK_IO_TIMEOUT = interval("http-webhook-io-timeout", Duration.ofSeconds(1),
            Duration.ofMinutes(10), "5s");
    static final Key<Boolean> WEBHOOK_GZIP = Key.of("http-webhook-transfer-encoding", new One<>(new GzipGrammar()),
            "identity");

    static final Vocabulary VOCABULARY = new Vocabulary("an acct-file block",
            List.of(PATH, RECORDS, FORMAT, RECORD_FIELDS, MOVE_TO, MOVE_INTERVAL, MAX_SIZE, DELETE_AFTER, QUEUE_FILTER,
                    VIRTUAL_MTA_FILTER, JOB_FILTER, TRANSPORT_TO, WEBHOOK_URL, WEBHOOK_EXTRA_HEADERS,
                    WEBHOOK_MAX_INTERVAL, WEBHOOK_CONNECT_TIMEOUT, WEBHOOK_IO_TIMEOUT, WEBHOOK_GZIP, RETRY_INTERVAL,
                    WRITE_TIMEOUT, PRIVACY_POLICY, USER_STRING, ISO_TIMES, FORMULA_GUARD, WORLD_READABLE, SYNC),
            Set.of(), OtherDirectives.notIn("acct-file"));

    private AcctFileKeys() {
    }

    private static Key<Duration> interval(String name, Duration lowest, Duration highest, String written) {
        return Key.of(name, new One<>(new Interval(lowest, highest)), written);
    }

    private record FormatGrammar() implements Grammar<AcctFormat> {

        @Override
        public String expected() {
            return "csv, xml or json";
        }

        @Override
        public AcctFormat parse(String text) throws Misunderstood {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "csv" -> AcctFormat.CSV;
                case "xml" -> AcctFormat.XML;
                case "json" -> AcctFormat.JSON;
                default -> throw misunderstood("json means one object for each line");
            };
        }
    }

    private record GzipGrammar() implements Grammar<Boolean> {

        @Override
        public String expected() {
            return "gzip or identity";
        }

        @Override
        public Boolean parse(String text) throws Misunderstood {
            return switch (text) {
                case "gzip" -> true;
                case "identity" -> false;
                default -> throw misunderstood("gzip compresses, identity does not");
            };
        }
    }

    private record OrNever(Interval interval) implements Grammar<Optional<Duration>> {

        @Override
        public String expected() {
            return interval.expected() + ", or never";
        }

        @Override
        public Optional<Duration> parse(String text) throws Misunderstood {
            return text.equals("never") ? Optional.empty() : Optional.of(interval.parse(text));
        }
    }

    private record WebUrl() implements Grammar<java.net.URI> {

        @Override
        public String expected() {
            return "an address such as https://example.com/caravan";
        }

        @Override
        public java.net.URI parse(String text) throws Misunderstood {
            java.net.URI uri;
            try {
                uri = java.net.URI.create(text);
            } catch (IllegalArgumentException _) {
                throw misunderstood("it is no URI (RFC 3986)");
            }
            if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())))
                throw misunderstood("it begins with http:// or https:// and names a host");
            return uri;
        }
    }

    private record EndpointUri() implements Grammar<String> {

        @Override
        public String expected() {
            return "the URI of a Camel endpoint, such as file:/var/spool/reports";
        }

        @Override
        public String parse(String text) throws Misunderstood {
            if (!text.matches("[a-z][a-z0-9+-]*:[^\\p{Cntrl}]+"))
                throw misunderstood("a component, a colon, and where to");
            return text;
        }
    }
}
