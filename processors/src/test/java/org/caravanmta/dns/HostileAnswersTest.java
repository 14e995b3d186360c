package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure.Cause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/** What strangers and broken servers put into answers. */
@Timeout(60)
class HostileAnswersTest {

    @TempDir
    Path folder;
    private ZoneServer zone;
    private DnsMxResolver resolver;

    @BeforeEach
    void start() throws Exception {
        zone = new ZoneServer("127.0.0.53");
        zone.add("example.com", "MX", "10 a.example.com.").add("a.example.com", "A", "192.0.2.1");
        resolver = new DnsMxResolver(List.of(zone.address()), new Random(1), Duration.ofMillis(500),
                new HostsFileParser(folder.resolve("hosts"), false));
    }

    @AfterEach
    void stop() throws Exception {
        resolver.close();
        zone.close();
    }

    private Route ask(String domain) throws Exception {
        return resolver.mailHosts(domain).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void temporary(String domain, String detail) throws Exception {
        Route r = ask(domain);
        assertThat(r.failure().cause()).as(r.failure().detail()).isEqualTo(Cause.DNS_TEMPORARY);
        assertThat(r.failure().detail()).contains(detail);
    }

    private static Record record(String name, String type, String data) {
        try {
            return Record.fromString(Name.fromString(name), Type.value(type), DClass.IN, 60, data, Name.root);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    record Useless(String what, java.util.function.Consumer<Message> edit, String detail) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Useless> useless() {
        return Stream.of(
                new Useless("a question instead of an answer", m -> m.getHeader().unsetFlag(Flags.QR), "is no answer"),
                new Useless("another operation", m -> m.getHeader().setOpcode(4), "is no answer"),
                new Useless("cut off over TCP too", m -> m.getHeader().setFlag(Flags.TC), "cut off even over TCP"),
                new Useless("an error that nobody knows", m -> m.getHeader().setRcode(13), "13"),
                new Useless("format error", m -> m.getHeader().setRcode(Rcode.FORMERR), "FORMERR"),
                new Useless("no question", m -> m.removeAllRecords(Section.QUESTION), "MX of example.com"),
                new Useless("another question", m -> {
                    m.removeAllRecords(Section.QUESTION);
                    m.addRecord(Record.newRecord(Name.fromConstantString("other.test."), Type.MX, DClass.IN),
                            Section.QUESTION);
                }, "invalid name"),
                new Useless("a lame server's referral", m -> {
                    m.removeAllRecords(Section.ANSWER);
                    m.addRecord(record("com.", "NS", "ns.com."), Section.AUTHORITY);
                }, "referral"),
                new Useless("nothing at all from one that is not recursive", m -> {
                    m.removeAllRecords(Section.ANSWER);
                    m.getHeader().unsetFlag(Flags.RA);
                }, "referral"));
    }

    @ParameterizedTest
    @MethodSource
    void useless(Useless answer) throws Exception {
        zone.edit(answer.edit());
        temporary("example.com", answer.detail());
        zone.edit(_ -> {
        });
    }

    @Test
    void anAnswerToAnotherIdIsNone() throws Exception {
        zone.wire(b -> {
            b[0]++;
            return b;
        });
        temporary("example.com", "invalid message id");
    }

    @Test
    void halfAnAnswerIsNone() throws Exception {
        for (int length : new int[] { 1, 11, 30 }) {
            zone.wire(b -> java.util.Arrays.copyOf(b, length));
            temporary("example" + length + ".com", "MX of");
        }
    }

    @Test
    void nobodySpeaksForOthers() throws Exception {
        zone.add("victim.example", "MX", "10 a.example.com.").edit(m -> {
            m.addRecord(record("victim.example.", "MX", "1 thief.example."), Section.ANSWER);
            m.addRecord(record("a.example.com.", "A", "192.0.2.66"), Section.ADDITIONAL);
            m.addRecord(record("victim.example.", "NS", "thief.example."), Section.AUTHORITY);
        });
        ask("example.com");
        zone.edit(_ -> {
        });
        assertThat(ask("example.com").hosts()).extracting(MailHost::name).containsExactly("a.example.com");
        Route victim = ask("victim.example");
        assertThat(victim.hosts()).extracting(MailHost::name).containsExactly("a.example.com");
        assertThat(victim.hosts().getFirst().addresses()).extracting(a -> a.getHostAddress())
                .containsExactly("192.0.2.1");
    }

    @Test
    void theBestOfTooManyMxAreTaken() throws Exception {
        for (int i = 0; i < 1_500; i++)
            zone.add("many.example", "MX", (1_500 - i) + " h" + i + ".many.example.");
        for (int i = 1_450; i < 1_500; i++)
            zone.add("h" + i + ".many.example", "A", "192.0.2.1");
        assertThat(ask("many.example").hosts()).hasSize(DnsMxResolver.MAX_HOSTS)
                .extracting(MailHost::preference).startsWith(1, 2, 3);
        assertThat(zone.tcpQuestions()).isPositive();
        assertThat(zone.questions("h1400.many.example", "A")).isZero();
    }

    @Test
    void severalCnamesOfOneNameAreNoReasonToBounce() throws Exception {
        zone.add("two.example", "CNAME", "a.example.").edit(m -> {
            if (m.getQuestion().getName().toString().equals("two.example."))
                m.addRecord(record("two.example.", "CNAME", "b.example."), Section.ANSWER);
        });
        zone.add("a.example", "A", "192.0.2.1");
        Route r = ask("two.example");
        if (r.failure() != null)
            assertThat(r.failure().cause()).isEqualTo(Cause.DNS_TEMPORARY);
    }

    @Test
    void namesOfOddBytesDoNoHarm() throws Exception {
        zone.add("odd.example", "MX", "10 \\000\\013\\010.odd.example.").add("odd.example", "MX",
                "20 a\\044\\\"b.odd.example.").add("odd.example", "MX", "30 a.example.com.");
        Route r = ask("odd.example");
        assertThat(r.hosts()).extracting(MailHost::name).containsExactly("a.example.com");
        zone.add("strange.example", "MX", "10 x\\010y.strange.example.").add("x\\010y.strange.example", "A",
                "192.0.2.1");
        assertThat(ask("strange.example").hosts()).allSatisfy(h -> assertThat(h.name()).matches("[!-~]+"));
    }

    @Test
    void anAnswerThatMayNotBeKeptIsAskedForAgainSoon() throws Exception {
        zone.add("zero.example", 0, "MX", "10 a.example.com.");
        assertThat(ask("zero.example").hosts()).hasSize(1);
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            ask("zero.example");
            return zone.questions("zero.example", "MX") >= 2;
        });
    }

    @Test
    void aNoIsKeptNoLongerThanTenMinutes() throws Exception {
        zone.negativeTtl(86_400);
        assertThat(ask("nowhere.example").failure().cause()).isEqualTo(Cause.NO_SUCH_DOMAIN);
        assertThat(NameServers.MAX_NEGATIVE_TTL).isLessThanOrEqualTo(Duration.ofMinutes(10));
    }
}
