package org.caravanmta.tls.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.caravanmta.dns.TxtLookup.Texts;
import org.caravanmta.tls.sts.PolicySource.Fetched;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StsPoliciesTest {

    private static final StsPolicy ENFORCE = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.a.test"),
            Duration.ofDays(10));
    private static final StsPolicy OTHER = new StsPolicy(StsPolicy.Mode.TESTING, List.of("mx2.a.test"),
            Duration.ofDays(10));

    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private long nowMs = 1_800_000_000_000L;
    private List<String> txt = List.of("v=STSv1; id=1;");
    private CompletionStage<Fetched> answer = CompletableFuture.completedStage(Fetched.of(ENFORCE));
    private StsPolicies policies;

    @BeforeEach
    void open() throws IOException {
        policies = StsPolicies.open(name -> {
            asked.add(name);
            return CompletableFuture.completedStage(new Texts(txt, txt.isEmpty() ? "no such domain" : null));
        }, domain -> {
            fetched.add(domain);
            return answer;
        }, () -> nowMs, folder.resolve("state/mta-sts"));
    }

    @AfterEach
    void close() {
        policies.close();
    }

    private StsPolicy of(String domain) throws Exception {
        return policies.policy(domain).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private void pass(Duration time) {
        nowMs += time.toMillis();
    }

    @Test
    void dnsIsAskedOnceAMinuteAndThePolicyFetchedOnce() throws Exception {
        assertThat(of("A.test")).isEqualTo(ENFORCE);
        assertThat(of("a.test.")).isEqualTo(ENFORCE);
        assertThat(asked).containsExactly("_mta-sts.a.test");
        pass(Duration.ofSeconds(61));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
        assertThat(asked).hasSize(2);
        assertThat(fetched).containsExactly("a.test");
    }

    @Test
    void aDomainWithoutARecordHasNone() throws Exception {
        txt = List.of();
        assertThat(of("a.test")).isNull();
        assertThat(of("[127.0.0.1]")).isNull();
        assertThat(of("a/../b")).isNull();
        assertThat(asked).containsExactly("_mta-sts.a.test");
        assertThat(fetched).isEmpty();
    }

    @Test
    void anotherIdMeansAnotherPolicy() throws Exception {
        of("a.test");
        txt = List.of("v=STSv1; id=2;");
        answer = CompletableFuture.completedStage(Fetched.of(OTHER));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
        pass(Duration.ofMinutes(2));
        assertThat(of("a.test")).isEqualTo(OTHER);
    }

    @Test
    void aKnownPolicyHoldsWhileNothingCanBeHadAndUntilItsTimeIsOver() throws Exception {
        of("a.test");
        txt = List.of();
        pass(Duration.ofDays(5));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
        txt = List.of("v=STSv1; id=3;");
        answer = CompletableFuture.completedStage(Fetched.failed("gone"));
        pass(Duration.ofDays(4));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
        pass(Duration.ofDays(1));
        assertThat(of("a.test")).isNull();
    }

    @Test
    void aFailedFetchIsNotRepeatedForFiveMinutes() throws Exception {
        answer = CompletableFuture.completedStage(Fetched.failed("HTTP status 500"));
        assertThat(of("a.test")).isNull();
        pass(Duration.ofMinutes(2));
        assertThat(of("a.test")).isNull();
        pass(Duration.ofMinutes(2));
        assertThat(of("a.test")).isNull();
        assertThat(fetched).hasSize(1);
        answer = CompletableFuture.completedStage(Fetched.of(ENFORCE));
        pass(Duration.ofMinutes(2));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
    }

    @Test
    void aPolicyIsRenewedBeforeItEndsThoughItsDomainHasNoMail() throws Exception {
        of("a.test");
        pass(Duration.ofHours(23));
        policies.renew();
        assertThat(fetched).hasSize(1);
        pass(Duration.ofHours(2));
        policies.renew();
        assertThat(fetched).hasSize(2);
        pass(Duration.ofDays(9).plusHours(23));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
    }

    @Test
    void allWhoAskAtTheSameTimeShareOneFetch() throws Exception {
        CompletableFuture<Fetched> slow = new CompletableFuture<>();
        answer = slow;
        CompletionStage<StsPolicy> first = policies.policy("a.test");
        CompletionStage<StsPolicy> second = policies.policy("a.test");
        assertThat(first.toCompletableFuture()).isNotDone();
        slow.complete(Fetched.of(ENFORCE));
        assertThat(first.toCompletableFuture().get(5, TimeUnit.SECONDS)).isEqualTo(ENFORCE);
        assertThat(second.toCompletableFuture().get(5, TimeUnit.SECONDS)).isEqualTo(ENFORCE);
        assertThat(asked).hasSize(1);
        assertThat(fetched).hasSize(1);
    }

    @Test
    void policiesSurviveARestartWithNothingToBeHad() throws Exception {
        of("a.test");
        policies.close();
        txt = List.of();
        answer = CompletableFuture.completedStage(Fetched.failed("gone"));
        pass(Duration.ofDays(9));
        open();
        assertThat(of("a.test")).isEqualTo(ENFORCE);
        policies.close();
        pass(Duration.ofDays(2));
        open();
        assertThat(of("a.test")).isNull();
    }

    @Test
    void damagedLinesCostTheirOwnPolicyOnly() throws Exception {
        of("a.test");
        policies.close();
        Path file = folder.resolve("state/mta-sts");
        Files.writeString(file, "rubbish\n" + Files.readString(file) + "b.test 1 \n");
        txt = List.of();
        open();
        assertThat(of("a.test")).isEqualTo(ENFORCE);
        assertThat(of("b.test")).isNull();
    }

    @Test
    void modeNoneEndsAPolicy() throws Exception {
        of("a.test");
        txt = List.of("v=STSv1; id=2;");
        answer = CompletableFuture
                .completedStage(Fetched.of(new StsPolicy(StsPolicy.Mode.NONE, List.of(), Duration.ofDays(1))));
        pass(Duration.ofMinutes(2));
        assertThat(of("a.test")).isNull();
    }

    @Test
    void whoAsksAgainSoonDoesNotWaitForDnsAndTheWebServer() throws Exception {
        answer = CompletableFuture.completedStage(Fetched.failed("HTTP status 500"));
        assertThat(of("a.test")).isNull();
        CompletableFuture<Fetched> slow = new CompletableFuture<>();
        answer = slow;
        pass(Duration.ofMinutes(6));
        assertThat(of("a.test")).isNull();
        assertThat(fetched).hasSize(2);
        slow.complete(Fetched.of(ENFORCE));
        assertThat(of("a.test")).isEqualTo(ENFORCE);
    }
}
