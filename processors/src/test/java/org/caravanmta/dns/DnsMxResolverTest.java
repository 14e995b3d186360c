package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.caravanmta.dns.MxResolver.MailHost;
import org.caravanmta.dns.MxResolver.Route;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.hosts.HostsFileParser;

@Timeout(30)
class DnsMxResolverTest {

    private static final Duration QUESTION = Duration.ofMillis(300);

    @TempDir
    Path folder;
    private ZoneServer zone;
    private DnsMxResolver resolver;

    @BeforeEach
    void start() throws Exception {
        zone = new ZoneServer("127.0.0.53");
        resolver = resolver(zone.address());
    }

    private DnsMxResolver resolver(InetSocketAddress... servers) {
        return new DnsMxResolver(List.of(servers), new Random(1), QUESTION,
                new HostsFileParser(folder.resolve("hosts"), false));
    }

    @AfterEach
    void stop() throws Exception {
        resolver.close();
        zone.close();
    }

    private static Route get(CompletionStage<Route> route) throws Exception {
        return route.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Route mailHosts(String domain) throws Exception {
        return get(resolver.mailHosts(domain));
    }

    private void fails(String domain, Cause cause, String detail) throws Exception {
        Route r = mailHosts(domain);
        assertThat(r.hosts()).isEmpty();
        assertThat(r.failure().stage()).isEqualTo(Stage.DNS);
        assertThat(r.failure().cause()).as(r.failure().detail()).isEqualTo(cause);
        assertThat(r.failure().detail()).contains(detail);
    }

    private static List<String> text(Route route) {
        return route.hosts().stream().map(h -> h.preference() + " " + h.name() + " "
                + String.join(",", h.addresses().stream().map(a -> a.getHostAddress()).toList())).toList();
    }

    @Test
    void hostsComeByPreferenceWithAllTheirAddresses() throws Exception {
        zone.add("example.com", "MX", "20 b.example.com.").add("example.com", "MX", "10 A.example.com.")
                .add("a.example.com", "A", "192.0.2.1").add("a.example.com", "AAAA", "2001:db8::1")
                .add("b.example.com", "A", "192.0.2.2");
        assertThat(text(mailHosts("Example.COM"))).containsExactly("10 a.example.com 192.0.2.1,2001:db8:0:0:0:0:0:1",
                "20 b.example.com 192.0.2.2");
    }

    @Test
    void theRollupIsMadeOfNamesWhetherTheyHaveAddressesOrNot() throws Exception {
        zone.add("example.com", "MX", "10 Gone.example.com.").add("example.com", "MX", "10 mx.example.com.")
                .add("example.com", "MX", "20 other.example.com.").add("mx.example.com", "A", "192.0.2.1");
        MxHosts mx = mailHosts("example.com").mx();
        assertThat(mx.lowest()).containsExactly("gone.example.com", "mx.example.com");
        assertThat(mx.others()).containsExactly("other.example.com");
        zone.add("plain.example", "A", "192.0.2.1");
        assertThat(mailHosts("plain.example").mx()).isNull();
        assertThat(mailHosts("[192.0.2.1]").mx()).isNull();
    }

    @Test
    void equalsAreShuffledForEachMessage() throws Exception {
        for (String h : List.of("a", "b", "c"))
            zone.add("example.com", "MX", "10 " + h + ".example.com.").add(h + ".example.com", "A", "192.0.2.1")
                    .add(h + ".example.com", "A", "192.0.2.2");
        zone.add("example.com", "MX", "5 first.example.com.").add("first.example.com", "A", "192.0.2.9");
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<String> names = mailHosts("example.com").hosts().stream().map(MailHost::name).toList();
            assertThat(names.getFirst()).isEqualTo("first.example.com");
            orders.add(names);
        }
        assertThat(orders).hasSize(6);
        assertThat(zone.questions("example.com", "MX")).isEqualTo(1);
    }

    @Test
    void domainWithoutMxIsItsOwnHost() throws Exception {
        zone.add("example.com", "A", "192.0.2.1");
        assertThat(text(mailHosts("example.com"))).containsExactly("0 example.com 192.0.2.1");
    }

    @Test
    void nullMxTakesNoMail() throws Exception {
        zone.add("example.com", "MX", "0 .").add("example.com", "A", "192.0.2.1");
        fails("example.com", Cause.NULL_MX, "example.com takes no mail");
    }

    @Test
    void nullMxBesideAnotherIsIgnored() throws Exception {
        zone.add("example.com", "MX", "0 .").add("example.com", "MX", "10 a.example.com.")
                .add("a.example.com", "A", "192.0.2.1");
        assertThat(text(mailHosts("example.com"))).containsExactly("10 a.example.com 192.0.2.1");
    }

    @Test
    void unknownDomainDoesNotExist() throws Exception {
        fails("nowhere.example", Cause.NO_SUCH_DOMAIN, "no such domain: nowhere.example");
    }

    @Test
    void domainWithNothingHasNoMailHost() throws Exception {
        zone.empty("example.com");
        fails("example.com", Cause.NO_MAIL_HOST, "example.com has neither MX nor address");
    }

    @Test
    void domainWithoutMxAndWithUselessAddressHasNoMailHost() throws Exception {
        zone.add("example.com", "A", "0.0.0.0");
        fails("example.com", Cause.NO_MAIL_HOST, "example.com");
    }

    @ParameterizedTest
    @EnumSource(value = ZoneServer.Mode.class, names = { "SERVFAIL", "REFUSED", "SILENT" })
    void troubleIsTemporary(ZoneServer.Mode mode) throws Exception {
        zone.add("example.com", "MX", "10 a.example.com.").mode("example.com", mode);
        fails("example.com", Cause.DNS_TEMPORARY, "MX of example.com");
    }

    @Test
    void temporaryTroubleOfTheLastMxHostIsTemporary() throws Exception {
        zone.add("a.example.com", "MX", "10 x.example.com.").add("a.example.com", "MX", "20 y.example.com.")
                .mode("y.example.com", ZoneServer.Mode.SERVFAIL);
        fails("a.example.com", Cause.DNS_TEMPORARY, "y.example.com");
    }

    @Test
    void mxHostsWithoutAddressAreSkipped() throws Exception {
        zone.add("example.com", "MX", "10 gone.example.com.").add("example.com", "MX", "20 empty.example.com.")
                .add("example.com", "MX", "30 good.example.com.").add("example.com", "MX", "40 broken.example.com.")
                .empty("empty.example.com").add("good.example.com", "A", "192.0.2.3")
                .mode("broken.example.com", ZoneServer.Mode.SERVFAIL);
        assertThat(text(mailHosts("example.com"))).containsExactly("30 good.example.com 192.0.2.3");
    }

    @Test
    void mxHostsThatAllDoNotExistAreNoMailHost() throws Exception {
        zone.add("example.com", "MX", "10 gone.example.com.").add("example.com", "A", "192.0.2.1");
        fails("example.com", Cause.NO_MAIL_HOST, "no MX of example.com has an address");
    }

    @Test
    void cnamesAreFollowedForDomainsAndForHosts() throws Exception {
        zone.add("www.example.com", "CNAME", "example.com.").add("example.com", "MX", "10 mx.example.com.")
                .add("mx.example.com", "CNAME", "real.example.net.").add("real.example.net", "A", "192.0.2.7");
        assertThat(text(mailHosts("www.example.com"))).containsExactly("10 mx.example.com 192.0.2.7");
    }

    @Test
    void cnameLoopIsTemporary() throws Exception {
        zone.add("a.example", "CNAME", "b.example.").add("b.example", "CNAME", "a.example.");
        fails("a.example", Cause.DNS_TEMPORARY, "CNAME");
    }

    @Test
    void endlessCnamesAreTemporary() throws Exception {
        for (int i = 0; i < 40; i++)
            zone.add("c" + i + ".example", "CNAME", "c" + (i + 1) + ".example.");
        fails("c0.example", Cause.DNS_TEMPORARY, "CNAME");
    }

    @Test
    void numberOfHostsAndAddressesIsBounded() throws Exception {
        for (int i = 0; i < 40; i++)
            zone.add("example.com", "MX", i + " h" + i + ".example.com.").add("h" + i + ".example.com", "A",
                    "192.0.2.1");
        for (int i = 0; i < 40; i++)
            zone.add("h0.example.com", "A", "192.0.2." + (i + 2));
        Route r = mailHosts("example.com");
        assertThat(r.hosts()).hasSize(DnsMxResolver.MAX_HOSTS);
        assertThat(r.hosts().getFirst().addresses()).hasSize(HostLookup.MAX_ADDRESSES);
        assertThat(zone.questions("h30.example.com", "A")).isZero();
    }

    @Test
    void truncatedAnswersAreAskedAgainOverTcp() throws Exception {
        zone.truncateUdp().add("example.com", "MX", "10 a.example.com.").add("a.example.com", "A", "192.0.2.1");
        assertThat(text(mailHosts("example.com"))).containsExactly("10 a.example.com 192.0.2.1");
        assertThat(zone.tcpQuestions()).isEqualTo(3);
    }

    @Test
    void literalsNeedNoDns() throws Exception {
        assertThat(text(mailHosts("[192.0.2.1]"))).containsExactly("0 [192.0.2.1] 192.0.2.1");
        assertThat(text(mailHosts("[IPv6:2001:DB8::5]"))).containsExactly("0 [IPv6:2001:DB8::5] 2001:db8:0:0:0:0:0:5");
        assertThat(text(get(resolver.hostAddresses("192.0.2.8")))).containsExactly("0 192.0.2.8 192.0.2.8");
        assertThat(text(get(resolver.hostAddresses("2001:db8::1"))))
                .containsExactly("0 2001:db8::1 2001:db8:0:0:0:0:0:1");
        assertThat(zone.questions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = { "[192.0.2]", "[1.2.3.4.5]", "[IPv6:1.2.3.4]", "[]", "[IPv6:]", "", ".", "a..b", "-\u0000",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example" })
    void whatIsNoDomainDoesNotExist(String domain) throws Exception {
        fails(domain, Cause.NO_SUCH_DOMAIN, "");
    }

    @Test
    void internationalDomainsAreAskedForInALabels() throws Exception {
        zone.add("xn--bcher-kva.example", "MX", "10 mx.example.").add("mx.example", "A", "192.0.2.1");
        assertThat(text(mailHosts("B\u00fccher.example"))).containsExactly("10 mx.example 192.0.2.1");
    }

    @Test
    void answersAreKeptForTheirTtl() throws Exception {
        zone.add("example.com", 1, "MX", "10 a.example.com.").add("a.example.com", 60, "A", "192.0.2.1");
        mailHosts("example.com");
        mailHosts("EXAMPLE.com");
        assertThat(zone.questions("example.com", "MX")).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            mailHosts("example.com");
            return zone.questions("example.com", "MX") == 2;
        });
        assertThat(zone.questions("a.example.com", "A")).isEqualTo(1);
    }

    @Test
    void negativeAnswersAreKeptForTheirTtl() throws Exception {
        fails("nowhere.example", Cause.NO_SUCH_DOMAIN, "");
        fails("nowhere.example", Cause.NO_SUCH_DOMAIN, "");
        assertThat(zone.questions("nowhere.example", "MX")).isEqualTo(1);
        zone.empty("example.com");
        fails("example.com", Cause.NO_MAIL_HOST, "");
        fails("example.com", Cause.NO_MAIL_HOST, "");
        assertThat(zone.questions()).isEqualTo(4);
    }

    @Test
    void concurrentLookupsShareOneQuestion() throws Exception {
        zone.hold().add("example.com", "MX", "10 a.example.com.").add("a.example.com", "A", "192.0.2.1");
        List<CompletableFuture<Route>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++)
            waiting.add(resolver.mailHosts("example.com").toCompletableFuture());
        zone.open();
        for (CompletableFuture<Route> w : waiting)
            assertThat(get(w).hosts()).hasSize(1);
        assertThat(zone.questions()).isEqualTo(3);
    }

    @Test
    void nextServerIsAskedWhenOneFails() throws Exception {
        try (ZoneServer second = new ZoneServer("127.0.0.54");
                DnsMxResolver both = resolver(zone.address(), second.address())) {
            second.add("example.com", "A", "192.0.2.1").add("b.example", "A", "192.0.2.2");
            zone.mode(ZoneServer.Mode.SERVFAIL);
            assertThat(get(both.mailHosts("example.com")).hosts()).hasSize(1);
            zone.mode(ZoneServer.Mode.SILENT);
            int asked = zone.questions();
            assertThat(get(both.mailHosts("b.example")).hosts()).hasSize(1);
            assertThat(zone.questions()).as("the server that answered is asked first").isEqualTo(asked);
        }
    }

    @Test
    void hostAddressesAskForNoMx() throws Exception {
        zone.add("relay.example", "A", "192.0.2.1").add("relay.example", "MX", "10 other.example.")
                .empty("empty.example").mode("broken.example", ZoneServer.Mode.SERVFAIL);
        assertThat(text(get(resolver.hostAddresses("relay.example")))).containsExactly("0 relay.example 192.0.2.1");
        assertThat(get(resolver.hostAddresses("nowhere.example")).failure().cause()).isEqualTo(Cause.NO_SUCH_DOMAIN);
        assertThat(get(resolver.hostAddresses("empty.example")).failure().cause()).isEqualTo(Cause.NO_MAIL_HOST);
        assertThat(get(resolver.hostAddresses("broken.example")).failure().cause()).isEqualTo(Cause.DNS_TEMPORARY);
        assertThat(zone.questions("relay.example", "MX")).isZero();
    }

    @Test
    void hostsFileCountsForHostAddressesOnly() throws Exception {
        Files.writeString(folder.resolve("hosts"), "192.0.2.99 relay.example\n");
        assertThat(text(get(resolver.hostAddresses("relay.example")))).containsExactly("0 relay.example 192.0.2.99");
        fails("relay.example", Cause.NO_SUCH_DOMAIN, "");
    }

    @Test
    void afterCloseEverythingIsTemporary() throws Exception {
        resolver.close();
        fails("example.com", Cause.DNS_TEMPORARY, "");
    }

    @Test
    void closeEndsLookupsUnderWay() throws Exception {
        zone.hold();
        CompletionStage<Route> waiting = resolver.mailHosts("example.com");
        resolver.close();
        assertThat(get(waiting).failure().cause()).isEqualTo(Cause.DNS_TEMPORARY);
    }
}
