package org.caravanmta.tls.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;

import org.caravanmta.tls.sts.StsPolicy.MalformedException;
import org.caravanmta.tls.sts.StsPolicy.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StsPolicyTest {

    private static final String RFC_EXAMPLE = """
            version: STSv1
            mode: enforce
            mx: mail.example.com
            mx: *.example.net
            mx: backupmx.example.com
            max_age: 604800
            """;

    @Test
    void theExampleOfTheRfcIsRead() throws MalformedException {
        assertThat(StsPolicy.parse(RFC_EXAMPLE)).isEqualTo(new StsPolicy(Mode.ENFORCE,
                List.of("mail.example.com", "*.example.net", "backupmx.example.com"), Duration.ofDays(7)));
    }

    @Test
    void bothLineEndsBlanksAndUnknownKeysAreAllowed() throws MalformedException {
        String text = "mode:testing \r\nfuture.key_1:  a: b \r\nmax_age:\t60\t\r\nmx:MX.Example.COM\r\n\r\nversion:STSv1";
        assertThat(StsPolicy.parse(text))
                .isEqualTo(new StsPolicy(Mode.TESTING, List.of("mx.example.com"), Duration.ofMinutes(1)));
    }

    @Test
    void ofAKeyThatStandsThereTwiceTheFirstOneCounts() throws MalformedException {
        StsPolicy p = StsPolicy.parse(RFC_EXAMPLE + "mode: none\nmax_age: 1\nversion: STSv2\n");
        assertThat(p.mode()).isEqualTo(Mode.ENFORCE);
        assertThat(p.maxAge()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void modeNoneNeedsNoHosts() throws MalformedException {
        assertThat(StsPolicy.parse("version: STSv1\nmode: none\nmax_age: 86400\n").mode()).isEqualTo(Mode.NONE);
    }

    @Test
    void aLongAgeIsCutToOneYear() throws MalformedException {
        assertThat(StsPolicy.parse(RFC_EXAMPLE.replace("604800", "9999999999")).maxAge())
                .isEqualTo(StsPolicy.LONGEST_AGE);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "<html></html>", "version: STSv1\nmode: enforce\nmx: a.example\n",
            "version: STSv1\nmode: enforce\nmax_age: 1\n", "version: STSv2\nmode: none\nmax_age: 1\n",
            "mode: none\nmax_age: 1\n", "version: STSv1\nmode: ENFORCE\nmx: a.example\nmax_age: 1\n",
            "version: STSv1\nmode: none\nmax_age: -1\n", "version: STSv1\nmode: none\nmax_age: 1.5\n",
            "version: STSv1\nmode: none\nmax_age: 12345678901\n", "version: STSv1\nmode: none\nmax_age: 1\nwords\n",
            "version: STSv1\rmode: none\rmax_age: 1\r", "version: STSv1\nmode: none\nmax_age: 1\nx: \u0000\n",
            "version: STSv1\nmode: enforce\nmax_age: 1\nmx: *\n", "version: STSv1\nmode: enforce\nmax_age: 1\nmx: *.\n",
            "version: STSv1\nmode: enforce\nmax_age: 1\nmx: mx.*.example\n",
            "version: STSv1\nmode: enforce\nmax_age: 1\nmx: a b\n", "version: STSv1\nmode: enforce\nmax_age: 1\nmx:\n",
            "\ufeffversion: STSv1\nmode: none\nmax_age: 1\n" })
    void whatIsNoPolicyIsRefused(String text) {
        assertThatThrownBy(() -> StsPolicy.parse(text)).isInstanceOf(MalformedException.class)
                .message().doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({ "mail.example.com, true", "MAIL.Example.COM, true", "a.example.net, true", "a.b.example.net, false",
            "example.net, false", ".example.net, false", "xexample.net, false", "mail.example.com.evil.test, false",
            "evilmail.example.com, false", "example.com, false", "'', false" })
    void aWildcardStandsForOneLabel(String host, boolean allowed) throws MalformedException {
        assertThat(StsPolicy.parse(RFC_EXAMPLE).allows(host)).isEqualTo(allowed);
    }

    @Test
    void aKeptPolicyIsTheSameAfterReading() throws MalformedException {
        for (String text : List.of(RFC_EXAMPLE, "version: STSv1\nmode: none\nmax_age: 5\n")) {
            KeptPolicy k = new KeptPolicy("example.com", "1a", StsPolicy.parse(text), 123);
            assertThat(KeptPolicy.of(k.line())).isEqualTo(k);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "a b c d e f", "example.com 1 2 enforce 3 ", "example.com 1 2 enforce 3",
            "example.com - 2 none 3 ", "../x 1 2 none 3 ", "example.com 1 x none 3 ",
            "example.com 1 2 enforce 3 a,,b" })
    void damagedLinesAreNoPolicies(String line) {
        assertThat(KeptPolicy.of(line)).isNull();
    }
}
