package org.caravanmta.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.caravanmta.bounce.FailurePolicy.ConnectVerdict;
import org.caravanmta.bounce.FailurePolicy.MessageVerdict;
import org.caravanmta.config.DomainSettings;
import org.caravanmta.config.Rate;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailurePolicyTest {

    private static final Duration S = Duration.ofSeconds(1);

    private static DomainSettings settings(boolean bounceUponNoMx, boolean bounceUpon5xxGreeting) {
        return new DomainSettings(List.of(), 20, Rate.UNLIMITED, 0, 1000, List.of(S), S, S, 25, 10, bounceUponNoMx,
                bounceUpon5xxGreeting, false, false, false, false, new DomainSettings.Timeouts(S, S, S, S, S, S, S),
                DomainSettings.Limits.NONE);
    }

    @ParameterizedTest
    @CsvSource({ "NO_CONNECTION, true, NEXT_HOST", "NO_CONNECTION, false, DEFER", "CONNECTION_LOST, false, DEFER",
            "PROTOCOL, true, NEXT_HOST", "NO_SUCH_DOMAIN, false, BOUNCE", "NULL_MX, false, BOUNCE",
            "NO_MAIL_HOST, false, DEFER", "DNS_TEMPORARY, false, DEFER", "DNS_TEMPORARY, true, DEFER",
            "SOURCE_ADDRESS_MISSING, true, SOURCE_MISSING" })
    void connectionTrouble(Cause cause, boolean moreHosts, ConnectVerdict expected) {
        assertThat(FailurePolicy.connection(Failure.of(Stage.CONNECT, cause, "x"), moreHosts, settings(false, true)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({ "554, true, true, NEXT_HOST", "554, false, true, BOUNCE", "554, false, false, DEFER",
            "421, false, true, DEFER" })
    void greetings(int code, boolean moreHosts, boolean bounceUpon5xx, ConnectVerdict expected) {
        Failure greeting = Failure.ofReply(Stage.GREETING, Reply.of(code, null, "no"));
        assertThat(FailurePolicy.connection(greeting, moreHosts, settings(false, bounceUpon5xx))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({ "MAIL, 451, false, DEFER", "RCPT, 450, false, DEFER", "RCPT, 550, false, BOUNCE",
            "DATA_END, 554, true, BOUNCE", "DATA_END, 452, true, DEFER", "MAIL, 421, false, DEFER",
            "MAIL, 421, true, AGAIN", "RCPT, 421, true, DEFER", "MAIL, 552, true, BOUNCE" })
    void replies(Stage stage, int code, boolean reused, MessageVerdict expected) {
        assertThat(FailurePolicy.message(Failure.ofReply(stage, Reply.of(code, null, "text")), reused))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({ "MAIL, true, AGAIN", "MAIL, false, DEFER", "RCPT, true, DEFER", "DATA_END, true, DEFER" })
    void lostConnections(Stage stage, boolean reused, MessageVerdict expected) {
        assertThat(FailurePolicy.message(Failure.of(stage, Cause.CONNECTION_LOST, "EDISCON"), reused))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, names = { "NO_CONNECTION", "CONNECTION_LOST", "PROTOCOL", "DNS_TEMPORARY",
            "SOURCE_ADDRESS_MISSING" })
    void temporaryTroubleNeverBounces(Cause cause) {
        Failure f = Failure.of(Stage.CONNECT, cause, "x");
        assertThat(FailurePolicy.message(f, false)).isNotEqualTo(MessageVerdict.BOUNCE);
        assertThat(FailurePolicy.connection(f, false, settings(true, true))).isNotEqualTo(ConnectVerdict.BOUNCE);
    }
}
