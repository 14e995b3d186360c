package org.caravanmta.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.CaravanConfig.IpLimit;
import org.caravanmta.config.CaravanConfig.MxLimit;
import org.caravanmta.config.CaravanConfig.SmtpInLimits;
import org.caravanmta.config.CaravanConfig.SmtpOutLimits;
import org.caravanmta.config.dkim.SigningKeyReader;
import org.caravanmta.config.dsn.WordingReader;
import org.caravanmta.config.tls.ServerTlsReader;
import org.caravanmta.config.trust.PolicyTrustReader;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.IpEndpoint;
import org.caravanmta.config.value.Size;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.value.WholeNumber;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Vocabulary;

/**
 * The directives outside all blocks. {@code max-line-length} is twice the 1,000 bytes of RFC 5321 §4.5.3.1.6 and a
 * little, as Postfix has it: real mailers overdo it, endless lines are attacks. {@code max-rcpt-per-message} is ten
 * times what RFC 5321 §4.5.3.1.8 asks for.
 */
final class GlobalKeys {

    static final Key<String> HOST_NAME = Key.of("host-name", new One<>(new HostName()));
    static final Key<List<SmtpListener>> SMTP_LISTENER = Key.of("smtp-listener",
            new ListOf<>(new ListenerGrammar(), l -> l.address().getPort() == 0 ? new Object() : l.address(), 1,
                    1_000));
    static final Key<List<PickupDirectory>> PICKUP = Key.of("pickup",
            new ListOf<>(new PickupGrammar(), PickupDirectory::folder, 0, 100), "");
    static final Key<List<InetSocketAddress>> NAME_SERVER = Key.of("name-server",
            new ListOf<>(new IpEndpoint(53, 1), a -> a, 0, 100), "");
    static final Key<Integer> TOTAL_MAX_SMTP_IN = number("total-max-smtp-in", 0, 1_000_000, "100");
    static final Key<Integer> TOTAL_MAX_SMTP_OUT = number("total-max-smtp-out", 0, 1_000_000, "1200");
    static final Key<List<MxLimit>> MX_CONNECTION_LIMIT = Key.of("mx-connection-limit",
            new ListOf<>(new MxLimitGrammar(), MxLimit::hosts, 0, 1_000), "");
    static final Key<List<SourceValue<Integer>>> IP_CONNECTION_LIMIT = Key.of("ip-connection-limit",
            new ListOf<>(new SourceValueGrammar<>(new WholeNumber(1, 100_000)), SourceValue::network, 0, 1_000), "");
    static final Key<List<MxRollupGrammar.Line>> MX_ROLLUP_LIST = Key.of("mx-rollup-list",
            new ListOf<>(new MxRollupGrammar(), l -> l, 0, 10_000), "");
    static final Key<Integer> MAX_SMTP_IN_PER_CLIENT = number("max-smtp-in-per-client", 0, 1_000_000, "0");
    static final Key<Long> MAX_MESSAGE_SIZE = Key.of("max-message-size", new One<>(new Size(0, 1L << 40)), "0");
    static final Key<Long> MAX_HEADER_SIZE = Key.of("max-header-size", new One<>(new Size(4 << 10, 64 << 20)), "256K");
    static final Key<Integer> MAX_LINE_LENGTH = number("max-line-length", 1_000, 1_000_000, "2048");
    static final Key<Integer> MAX_RCPT_PER_MESSAGE = number("max-rcpt-per-message", 1, 100_000, "1000");
    static final Key<Integer> MAX_ERRORS_PER_SESSION = number("max-errors-per-session", 0, 1_000_000, "20");
    static final Key<Integer> MAX_MESSAGE_HOPS = number("max-message-hops", 1, 1_000, "100");
    static final Key<String> INVALID_VIRTUAL_MTA_FALLBACK = Key.of("invalid-virtual-mta-fallback",
            new One<>(new Text("the name of a virtual-mta or a virtual-mta-pool")));
    static final Key<Duration> SMTP_COMMAND_TIMEOUT = timeout("smtp-command-timeout", "10m");
    static final Key<Duration> SMTP_DATA_TIMEOUT = timeout("smtp-data-timeout", "10m");

    static final Key<Rate> MAX_DSN_RATE = Key.of("max-dsn-rate", new One<>(new RateGrammar()), "1000/h");

    static final Vocabulary VOCABULARY = new Vocabulary("the configuration",
            List.of(SMTP_LISTENER, PICKUP, HOST_NAME, NAME_SERVER, TOTAL_MAX_SMTP_IN, TOTAL_MAX_SMTP_OUT,
                    MX_CONNECTION_LIMIT, IP_CONNECTION_LIMIT, MX_ROLLUP_LIST, MAX_SMTP_IN_PER_CLIENT,
                    MAX_MESSAGE_SIZE, MAX_RCPT_PER_MESSAGE, MAX_HEADER_SIZE, MAX_LINE_LENGTH, MAX_ERRORS_PER_SESSION,
                    MAX_MESSAGE_HOPS, SMTP_COMMAND_TIMEOUT, SMTP_DATA_TIMEOUT, INVALID_VIRTUAL_MTA_FALLBACK,
                    SigningKeyReader.DOMAIN_KEY, SigningKeyReader.CHECK_DOMAIN_KEYS, ServerTlsReader.CERTIFICATE,
                    ServerTlsReader.CIPHERS,
                    ServerTlsReader.ALLOW_TLS1_2, ServerTlsReader.ALLOW_TLS1_3, ServerTlsReader.ALLOW_TLS1_0,
                    ServerTlsReader.ALLOW_TLS1_1, PolicyTrustReader.DNSSEC_TRUST_ANCHORS,
                    PolicyTrustReader.MTA_STS_CA_FILE, MAX_DSN_RATE, WordingReader.FROM, WordingReader.FAILED_SUBJECT,
                    WordingReader.FAILED_BODY, WordingReader.DELAYED_SUBJECT, WordingReader.DELAYED_BODY,
                    WordingReader.RELAYED_SUBJECT, WordingReader.RELAYED_BODY),
            Set.of(Block.INCLUDE, "source", "virtual-mta", "virtual-mta-pool", "job", "pattern-list", "domain",
                    "domain-macro", "acct-file", "bounce-category-patterns", "broker", "dns"),
            OtherDirectives.notIn("global"));

    private GlobalKeys() {
    }

    static SmtpInLimits smtpIn(Settings s) {
        return new SmtpInLimits(s.get(TOTAL_MAX_SMTP_IN), s.get(MAX_SMTP_IN_PER_CLIENT), s.get(MAX_MESSAGE_SIZE),
                s.get(MAX_HEADER_SIZE).intValue(), s.get(MAX_LINE_LENGTH), s.get(MAX_RCPT_PER_MESSAGE),
                s.get(MAX_ERRORS_PER_SESSION), s.get(MAX_MESSAGE_HOPS), s.get(SMTP_COMMAND_TIMEOUT),
                s.get(SMTP_DATA_TIMEOUT));
    }

    static SmtpOutLimits smtpOut(Settings s) {
        return new SmtpOutLimits(s.get(TOTAL_MAX_SMTP_OUT), s.get(MX_CONNECTION_LIMIT),
                s.get(IP_CONNECTION_LIMIT).stream().map(l -> new IpLimit(l.network(), l.value())).toList());
    }

    private static Key<Integer> number(String name, int lowest, int highest, String written) {
        return Key.of(name, new One<>(new WholeNumber(lowest, highest)), written);
    }

    private static Key<Duration> timeout(String name, String written) {
        return Key.of(name, new One<>(new Interval(Duration.ofSeconds(1), Duration.ofHours(1))), written);
    }
}
