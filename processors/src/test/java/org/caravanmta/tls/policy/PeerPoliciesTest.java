package org.caravanmta.tls.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.caravanmta.dns.TxtLookup.Texts;
import org.caravanmta.tls.dane.DaneAnswer;
import org.caravanmta.tls.dane.DaneVerifier;
import org.caravanmta.tls.dane.TlsaRecord;
import org.caravanmta.tls.policy.PeerPolicies.Host;
import org.caravanmta.tls.sts.PolicySource.Fetched;
import org.caravanmta.tls.sts.StsPolicies;
import org.caravanmta.tls.sts.StsPolicy;
import org.caravanmta.tls.sts.StsPolicy.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerPoliciesTest {

    private static final Host NAMED = new Host("a.test", "mx.a.test", 25);
    private static final Host OTHER = new Host("a.test", "other.test", 25);
    private static final DaneAnswer PINNED = new DaneAnswer.Demand(
            new DaneVerifier(List.of(new TlsaRecord(3, 1, 1, new byte[32])), Set.of("mx.a.test")), "mx.a.test");
    private static final DaneAnswer TLS_ALONE = new DaneAnswer.Demand(new DaneVerifier(List.of(), Set.of()),
            "sni.test");

    @TempDir
    Path folder;

    private final Map<Host, DaneAnswer> dane = new HashMap<>();
    private Mode mode = Mode.ENFORCE;
    private StsPolicies sts;
    private PeerPolicies policies;

    @BeforeEach
    void open() throws Exception {
        sts = StsPolicies.open(
                name -> CompletableFuture.completedStage(new Texts(List.of("v=STSv1; id=1"), null)),
                domain -> CompletableFuture.completedStage(
                        new Fetched(new StsPolicy(mode, List.of("mx.a.test"), Duration.ofDays(1)), null)),
                System::currentTimeMillis, folder.resolve("policies"));
        policies = new PeerPolicies(sts, (mxOf, host, port) -> CompletableFuture
                .completedStage(dane.getOrDefault(new Host(mxOf, host, port), DaneAnswer.NOT_USED)), () -> {
                    throw new AssertionError("no certificate was shown");
                }, () -> {
                });
    }

    @AfterEach
    void close() {
        policies.close();
    }

    private HostVerdict of(Host host, boolean useDane, boolean useMtaSts) throws Exception {
        return policies.ask("a.test", List.of(NAMED, OTHER, NAMED), useDane, useMtaSts).toCompletableFuture()
                .get(10, TimeUnit.SECONDS).get(host);
    }

    @Test
    void anEnforcedPolicyDemandsOfItsHostsAndRefusesOthers() throws Exception {
        assertThat(of(NAMED, true, true).demand().by()).isEqualTo("MTA-STS policy of a.test");
        assertThat(of(NAMED, true, true).demand().check()).isNotNull();
        assertThat(of(OTHER, true, true).refused()).isEqualTo("MTA-STS policy of a.test does not name other.test");
    }

    @Test
    void whatIsNotUsedDemandsNothing() throws Exception {
        dane.put(NAMED, PINNED);
        assertThat(of(OTHER, true, false).free()).isTrue();
        assertThat(of(NAMED, false, false).free()).isTrue();
        assertThat(of(NAMED, false, true).demand().by()).isEqualTo("MTA-STS policy of a.test");
    }

    @Test
    void danePrecedesThePolicy() throws Exception {
        dane.put(NAMED, PINNED);
        dane.put(OTHER, PINNED);
        assertThat(of(NAMED, true, true).demand().by()).isEqualTo("DANE");
        assertThat(of(OTHER, true, true).demand().by()).isEqualTo("DANE");
        dane.put(NAMED, new DaneAnswer.Trouble("DANE: bogus"));
        assertThat(of(NAMED, true, true).refused()).isEqualTo("DANE: bogus");
    }

    @Test
    void whereDaneTellsNoCertificateThePolicyDoes() throws Exception {
        dane.put(NAMED, TLS_ALONE);
        dane.put(OTHER, TLS_ALONE);
        assertThat(of(NAMED, true, true).demand().by()).isEqualTo("MTA-STS policy of a.test");
        assertThat(of(OTHER, true, true).refused()).contains("does not name");
        assertThat(of(NAMED, true, false).demand())
                .isEqualTo(new HostVerdict.Demand("DANE", "sni.test", null));
    }

    @Test
    void aPolicyInTestingRefusesNobody() throws Exception {
        mode = Mode.TESTING;
        assertThat(of(NAMED, true, true).free()).isTrue();
        assertThat(of(OTHER, true, true).free()).isTrue();
        dane.put(OTHER, TLS_ALONE);
        assertThat(of(OTHER, true, true).demand().by()).isEqualTo("DANE");
    }
}
