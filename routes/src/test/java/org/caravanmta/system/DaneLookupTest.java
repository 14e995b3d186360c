package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.caravanmta.system.SignedZones.Kind;
import org.caravanmta.tls.dane.DaneAnswer;
import org.caravanmta.tls.dane.DaneLookup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** DANE by the zones of a real nsd, through a real unbound. */
@Timeout(120)
class DaneLookupTest {

    private static final String TLSA = " TLSA 3 1 1 " + "ab".repeat(32) + "\n";
    private static final String MX = "@ MX 10 mx\nmx A 127.0.0.9\n";
    @TempDir
    private static Path folder;
    private static SignedZones zones;
    private static DaneLookup lookup;

    @BeforeAll
    static void start() throws Exception {
        zones = new SignedZones(folder).zone("signed.test", Kind.SIGNED, MX + "_25._tcp.mx" + TLSA)
                .zone("none.test", Kind.SIGNED, MX)
                .zone("nsec3.test", Kind.SIGNED_NSEC3, MX + "_25._tcp.mx" + TLSA + "none MX 10 mx2\nmx2 A 127.0.0.9\n")
                .zone("plain.test", Kind.PLAIN, MX + "_25._tcp.mx" + TLSA + "away CNAME mx.signed.test.\n"
                        + "hosted MX 10 mx.signed.test.\n")
                .zone("stripped.test", Kind.STRIPPED, MX + "_25._tcp.mx" + TLSA)
                .zone("bogus.test", Kind.SIGNED, MX + "_25._tcp.mx" + TLSA,
                        text -> text.replace("abababab", "acacacac"))
                .zone("bogusmx.test", Kind.SIGNED, MX + "_25._tcp.mx" + TLSA,
                        text -> text.replace("MX\t10 mx.bogusmx.test.", "MX\t10 evil.plain.test."))
                .zone("nodenial.test", Kind.SIGNED, MX, SignedZones::withoutDenial)
                .zone("alias.test", Kind.SIGNED, """
                        whole MX 10 a
                        a CNAME mx.signed.test.
                        own MX 10 b
                        b CNAME mx.none.test.
                        _25._tcp.b TLSA 3 1 1 %1$s
                        out MX 10 c
                        c CNAME mx.plain.test.
                        _25._tcp.c TLSA 3 1 1 %1$s
                        nowhere MX 10 d
                        d CNAME mx.plain.test.
                        """.formatted("cd".repeat(32)))
                .zone("single.test", Kind.SIGNED, "@ A 127.0.0.9\n_25._tcp" + TLSA)
                .zone("unusable.test", Kind.SIGNED, MX + "_25._tcp.mx TLSA 1 1 1 " + "ab".repeat(32) + "\n")
                .zone("port.test", Kind.SIGNED, MX + "_2525._tcp.mx" + TLSA)
                .zone("long.test", Kind.SIGNED, MX + manyRecords())
                .start();
        lookup = DaneLookup.of(List.of(zones.nameServer()), zones.anchor());
    }

    /** More than a datagram holds. */
    private static String manyRecords() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++)
            text.append("_25._tcp.mx TLSA 3 1 2 ").append("%02x".formatted(i).repeat(64)).append('\n');
        return text.toString();
    }

    @AfterAll
    static void stop() {
        if (lookup != null)
            lookup.close();
        if (zones != null)
            zones.close();
    }

    private static DaneAnswer ask(String domain, String host) throws Exception {
        return lookup.ask(domain, host, 25).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({ "signed.test, mx.signed.test, mx.signed.test", "SIGNED.test, MX.signed.test, mx.signed.test",
            "nsec3.test, mx.nsec3.test, mx.nsec3.test", "single.test, single.test, single.test",
            ", mx.signed.test, mx.signed.test", "whole.alias.test, a.alias.test, mx.signed.test",
            "own.alias.test, b.alias.test, b.alias.test", "out.alias.test, c.alias.test, c.alias.test",
            "long.test, mx.long.test, mx.long.test" })
    void secureRecordsDemandTls(String domain, String host, String sni) throws Exception {
        assertThat(ask(domain, host)).isInstanceOfSatisfying(DaneAnswer.Demand.class, d -> {
            assertThat(d.sni()).isEqualTo(sni);
            assertThat(d.verifier().authenticates()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({ "none.test, mx.none.test", "none.nsec3.test, mx2.nsec3.test", "plain.test, mx.plain.test",
            "hosted.plain.test, mx.signed.test", ", mx.plain.test", ", away.plain.test", "port.test, mx.port.test",
            "nowhere.alias.test, d.alias.test", "[127.0.0.1], 127.0.0.1", ", 127.0.0.1", ", [127.0.0.1]",
            ", 'IPv6:::1'" })
    void noRecordsOrInsecureOnesDemandNothing(String domain, String host) throws Exception {
        assertThat(ask(domain, host)).isEqualTo(DaneAnswer.NOT_USED);
    }

    @ParameterizedTest
    @CsvSource({ "bogus.test, mx.bogus.test, TLSA of _25._tcp.mx.bogus.test",
            "bogusmx.test, mx.bogusmx.test, MX of bogusmx.test",
            "bogusmx.test, evil.plain.test, MX of bogusmx.test", "stripped.test, mx.stripped.test, MX of stripped.test",
            ", mx.stripped.test, A of mx.stripped.test",
            "nodenial.test, mx.nodenial.test, TLSA of _25._tcp.mx.nodenial.test",
            "signed.test, mx.plain.test, not among the MX hosts of signed.test" })
    void whatCannotBeProvenMustNotBeUsed(String domain, String host, String why) throws Exception {
        assertThat(ask(domain, host)).isInstanceOfSatisfying(DaneAnswer.Trouble.class,
                t -> assertThat(t.why()).startsWith("DANE: ").contains(why).doesNotContain("\n"));
    }

    @Test
    void recordsThatMeanNothingForSmtpDemandTlsAlone() throws Exception {
        assertThat(ask("unusable.test", "mx.unusable.test")).isInstanceOfSatisfying(DaneAnswer.Demand.class,
                d -> assertThat(d.verifier().authenticates()).isFalse());
    }

    @Test
    void anotherPortHasOtherRecords() throws Exception {
        assertThat(lookup.ask("port.test", "mx.port.test", 2525).toCompletableFuture().get(60, TimeUnit.SECONDS))
                .isInstanceOf(DaneAnswer.Demand.class);
    }

    @Test
    void aNameServerThatDoesNotAnswerIsTroubleAndTheNextOneIsAsked() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress("127.0.0.73", 9);
        try (DaneLookup l = DaneLookup.of(List.of(nobody, zones.nameServer()), zones.anchor())) {
            assertThat(l.ask("signed.test", "mx.signed.test", 25).toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isInstanceOf(DaneAnswer.Demand.class);
        }
        try (DaneLookup l = DaneLookup.of(List.of(nobody), zones.anchor())) {
            assertThat(l.ask("signed.test", "mx.signed.test", 25).toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isInstanceOf(DaneAnswer.Trouble.class);
        }
    }

    @Test
    void anotherAnchorProvesNothing() throws Exception {
        String wrong = zones.anchor().replaceFirst("13 2 [0-9a-f]{4}", "13 2 0000");
        try (DaneLookup l = DaneLookup.of(List.of(zones.nameServer()), wrong)) {
            assertThat(l.ask("signed.test", "mx.signed.test", 25).toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isInstanceOf(DaneAnswer.Trouble.class);
        }
    }

    /** Whoever keeps the keys away could otherwise make a signed zone look like an unsigned one. */
    @Test
    void aDenialWhoseProofIsKeptAwayIsTrouble() throws Exception {
        Name zone = Name.fromString("single.test.");
        try (LossyDns lossy = new LossyDns("127.0.0.74", zones.nameServer(),
                q -> q.getType() == Type.DNSKEY && q.getName().equals(zone));
                DaneLookup l = DaneLookup.of(List.of(lossy.address()), zones.anchor())) {
            assertThat(l.ask("single.test", "single.test", 25).toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isInstanceOf(DaneAnswer.Trouble.class);
            assertThat(l.ask("none.test", "mx.none.test", 25).toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isEqualTo(DaneAnswer.NOT_USED);
        }
    }
}
