package org.caravanmta.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.caravanmta.config.DomainSettings.Limits;
import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.DomainSettings.SourceLimits;
import org.caravanmta.config.DomainSettings.Timeouts;
import org.caravanmta.config.dkim.DkimKeys;
import org.caravanmta.config.tls.ClientTlsKeys;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Secret;
import org.caravanmta.config.value.WholeNumber;
import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Hidden;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Shape;
import org.caravanmta.config.yaml.Vocabulary;

/**
 * The directives of a {@code domain} block. Defaults are PowerMTA's, except {@code connection-idle-timeout}: 2s there
 * instead of 0, so that a stream with small gaps reuses its connections.
 */
final class DomainKeys {

    /** The block around domain blocks, in words that fit behind "expected". */
    static final String BY_PATTERN = "domain blocks by pattern";

    private static final Shape<Boolean> YES_NO = new One<>(new YesNo());

    static final Key<List<List<NextHop>>> SMTP_HOSTS = Key.of("smtp-hosts", new NextHopLevels(), "");
    static final Key<Integer> MAX_SMTP_OUT = number("max-smtp-out", 1, 100_000, "20");
    static final Key<Rate> MAX_MSG_RATE = Key.of("max-msg-rate", new One<>(new RateGrammar()), "unlimited");
    static final Key<Rate> MAX_DATA_VOLUME_RATE = Key.of("max-data-volume-rate", new One<>(new DataRateGrammar()),
            "unlimited");
    static final Key<Rate> MAX_CONNECT_RATE = Key.of("max-connect-rate", new One<>(new RateGrammar()), "unlimited");
    static final Key<Duration> SMTP_OUT_RAMPUP_INTERVAL = interval("smtp-out-rampup-interval", 0, Duration.ofDays(1),
            "0");
    static final Key<Integer> MAX_ERRORS_PER_CONNECTION = number("max-errors-per-connection", 0, 1_000_000, "0");
    static final Key<List<SourceValue<Integer>>> SOURCE_IP_MAX_SMTP_OUT = bySource("source-ip-max-smtp-out",
            new WholeNumber(1, 100_000));
    static final Key<List<SourceValue<Rate>>> SOURCE_IP_MAX_MSG_RATE = bySource("source-ip-max-msg-rate",
            new RateGrammar());
    static final Key<List<SourceValue<Rate>>> SOURCE_IP_MAX_CONNECT_RATE = bySource("source-ip-max-connect-rate",
            new RateGrammar());
    static final Key<List<SourceValue<Rate>>> SOURCE_IP_MAX_DATA_VOLUME_RATE = bySource(
            "source-ip-max-data-volume-rate", new DataRateGrammar());
    static final Key<Integer> MAX_MSG_PER_CONNECTION = number("max-msg-per-connection", 0, 1_000_000, "0");
    static final Key<Integer> MAX_RCPT_PER_TRANSACTION = number("max-rcpt-per-transaction", 1, 100_000, "1000",
            "max-rcpt-per-message");
    static final Key<List<Duration>> RETRY_AFTER = Key.of("retry-after",
            new ListOf<>(new Interval(Duration.ofSeconds(1), Duration.ofDays(30)), null, 1, 100), "10m");
    static final Key<Duration> RETRY_AFTER_DNS_ERROR = interval("retry-after-dns-error", 1, Duration.ofDays(30), "1m");
    static final Key<Duration> BOUNCE_AFTER = interval("bounce-after", 1, Duration.ofDays(365), "4d12h");
    static final Key<Integer> DEFAULT_SMTP_PORT = number("default-smtp-port", 1, 65_535, "25");
    static final Key<Integer> MX_CONNECTION_ATTEMPTS = number("mx-connection-attempts", 1, 100, "10");
    static final Key<Boolean> BOUNCE_UPON_NO_MX = Key.of("bounce-upon-no-mx", YES_NO, "no");
    static final Key<Boolean> BOUNCE_UPON_5XX_GREETING = Key.of("bounce-upon-5xx-greeting", YES_NO, "yes");
    static final Key<Boolean> IGNORE_PIPELINING = Key.of("ignore-pipelining", YES_NO, "no");
    static final Key<Boolean> IGNORE_8BITMIME = Key.of("ignore-8bitmime", YES_NO, "no");
    static final Key<Boolean> IGNORE_CHUNKING = Key.of("ignore-chunking", YES_NO, "no");
    static final Key<Boolean> IGNORE_DSN = Key.of("ignore-dsn", YES_NO, "no");
    static final Key<Duration> NOTIFY_OF_DELAY_EVERY = Key.of("notify-of-delay-every",
            new One<>(new Interval(Duration.ZERO, Duration.ofDays(30))), "4h", "notify-of-delay");
    static final Key<Boolean> DISABLE_MX_ROLLUP = Key.of("disable-mx-rollup", YES_NO, "no");
    static final Key<Duration> CONNECT_TIMEOUT = timeout("connect-timeout", "2m");
    static final Key<Duration> SMTP_GREETING_TIMEOUT = timeout("smtp-greeting-timeout", "5m");
    static final Key<Duration> SMTP_COMMAND_TIMEOUT = timeout("smtp-command-timeout", "5m");
    static final Key<Duration> SMTP_DATA_INITIATION_TIMEOUT = timeout("smtp-data-initiation-timeout", "2m");
    static final Key<Duration> DATA_SEND_TIMEOUT = timeout("data-send-timeout", "3m");
    static final Key<Duration> SMTP_DATA_TERMINATION_TIMEOUT = timeout("smtp-data-termination-timeout", "10m");
    static final Key<String> QUEUE_TO = Key.of("queue-to", new One<>(new OrNothing("a domain")), "");
    static final Key<String> REROUTE_TO_VIRTUAL_MTA = Key.of("reroute-to-virtual-mta",
            new One<>(new OrNothing("the name of a virtual-mta")), "");
    static final Key<Duration> CONNECTION_IDLE_TIMEOUT = interval("connection-idle-timeout", 0, Duration.ofMinutes(10),
            "2s");

    static final Key<String> AUTH_USERNAME = Key.of("auth-username", new One<>(new OrNothing("a name")), "");
    static final Key<Secret> AUTH_PASSWORD = Key.of("auth-password", new Hidden(), "");
    static final Key<Boolean> USE_UNENCRYPTED_PLAIN_AUTH = Key.of("use-unencrypted-plain-auth", YES_NO, "no");

    private static final List<Key<?>> DELIVERY = List.of(SMTP_HOSTS, MAX_SMTP_OUT, MAX_MSG_RATE, MAX_DATA_VOLUME_RATE,
            MAX_CONNECT_RATE,
            SMTP_OUT_RAMPUP_INTERVAL, SOURCE_IP_MAX_SMTP_OUT, SOURCE_IP_MAX_MSG_RATE,
            SOURCE_IP_MAX_CONNECT_RATE, SOURCE_IP_MAX_DATA_VOLUME_RATE, MAX_ERRORS_PER_CONNECTION,
            MAX_MSG_PER_CONNECTION,
            MAX_RCPT_PER_TRANSACTION, RETRY_AFTER, RETRY_AFTER_DNS_ERROR, BOUNCE_AFTER, DEFAULT_SMTP_PORT,
            MX_CONNECTION_ATTEMPTS,
            BOUNCE_UPON_NO_MX,
            BOUNCE_UPON_5XX_GREETING, IGNORE_PIPELINING, IGNORE_8BITMIME, IGNORE_CHUNKING, DISABLE_MX_ROLLUP,
            CONNECT_TIMEOUT,
            SMTP_GREETING_TIMEOUT, SMTP_COMMAND_TIMEOUT, SMTP_DATA_INITIATION_TIMEOUT, DATA_SEND_TIMEOUT,
            SMTP_DATA_TERMINATION_TIMEOUT, CONNECTION_IDLE_TIMEOUT, QUEUE_TO, REROUTE_TO_VIRTUAL_MTA,
            AUTH_USERNAME, AUTH_PASSWORD, USE_UNENCRYPTED_PLAIN_AUTH, IGNORE_DSN, NOTIFY_OF_DELAY_EVERY);

    static final Vocabulary VOCABULARY = new Vocabulary("a domain block",
            Stream.of(DELIVERY, ClientTlsKeys.ALL, DkimKeys.ALL).<Key<?>>flatMap(List::stream).toList(),
            Set.of(Block.INCLUDE), OtherDirectives.notIn("domain"));

    private DomainKeys() {
    }

    /** Every value, said or default. Next hops without a port get {@code default-smtp-port}. */
    static DomainSettings effective(Settings s) {
        int port = s.get(DEFAULT_SMTP_PORT);
        List<List<NextHop>> hosts = s.get(SMTP_HOSTS).stream().map(level -> level.stream()
                .map(h -> h.port() == 0 ? new NextHop(h.host(), port, h.lookupMx()) : h).toList()).toList();
        return new DomainSettings(hosts, s.get(MAX_SMTP_OUT), s.get(MAX_MSG_RATE), s.get(MAX_MSG_PER_CONNECTION),
                s.get(MAX_RCPT_PER_TRANSACTION), s.get(RETRY_AFTER), s.get(RETRY_AFTER_DNS_ERROR), s.get(BOUNCE_AFTER),
                port,
                s.get(MX_CONNECTION_ATTEMPTS), s.get(BOUNCE_UPON_NO_MX), s.get(BOUNCE_UPON_5XX_GREETING),
                s.get(IGNORE_PIPELINING), s.get(IGNORE_8BITMIME), s.get(IGNORE_CHUNKING),
                s.get(DISABLE_MX_ROLLUP),
                new Timeouts(s.get(CONNECT_TIMEOUT), s.get(SMTP_GREETING_TIMEOUT), s.get(SMTP_COMMAND_TIMEOUT),
                        s.get(SMTP_DATA_INITIATION_TIMEOUT), s.get(DATA_SEND_TIMEOUT),
                        s.get(SMTP_DATA_TERMINATION_TIMEOUT), s.get(CONNECTION_IDLE_TIMEOUT)),
                new Limits(s.get(MAX_DATA_VOLUME_RATE), s.get(MAX_CONNECT_RATE), s.get(SMTP_OUT_RAMPUP_INTERVAL),
                        s.get(MAX_ERRORS_PER_CONNECTION),
                        new SourceLimits(s.get(SOURCE_IP_MAX_SMTP_OUT), s.get(SOURCE_IP_MAX_MSG_RATE),
                                s.get(SOURCE_IP_MAX_CONNECT_RATE), s.get(SOURCE_IP_MAX_DATA_VOLUME_RATE))),
                ClientTlsKeys.effective(s), login(s),
                new DomainSettings.Reporting(s.get(NOTIFY_OF_DELAY_EVERY), s.get(IGNORE_DSN)));
    }

    private static Login login(Settings s) {
        Secret password = s.get(AUTH_PASSWORD);
        return s.get(AUTH_USERNAME).isEmpty() || password.equals(Secret.NONE) ? null
                : new Login(s.get(AUTH_USERNAME), password, s.get(USE_UNENCRYPTED_PLAIN_AUTH));
    }

    private static Key<Integer> number(String name, int lowest, int highest, String written, String... alias) {
        return Key.of(name, new One<>(new WholeNumber(lowest, highest)), written, alias);
    }

    private static <T> Key<List<SourceValue<T>>> bySource(String name, Grammar<T> value) {
        return Key.of(name, new ListOf<>(new SourceValueGrammar<>(value), SourceValue::network, 0, 1_000), "");
    }

    private static Key<Duration> timeout(String name, String written) {
        return interval(name, 1, Duration.ofHours(1), written);
    }

    private static Key<Duration> interval(String name, int lowestSeconds, Duration highest, String written) {
        return Key.of(name, new One<>(new Interval(Duration.ofSeconds(lowestSeconds), highest)), written);
    }
}
