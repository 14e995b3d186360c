package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.buffer.Unpooled;

class EsmtpParametersTest {

    private static EsmtpParameters of(String text) {
        CommandLine line = new CommandLine();
        assertThat(line.read(Unpooled.copiedBuffer(text + "\r\n", StandardCharsets.UTF_8))).isTrue();
        return new EsmtpParameters(line, 0);
    }

    private static int count(EsmtpParameters p) {
        int n = 0;
        while (p.next())
            n++;
        return n;
    }

    @Test
    void keywordsHaveNoCase() {
        EsmtpParameters p = of(" size=12 SMTPUTF8  Body=8BitMime");
        assertThat(p.next()).isTrue();
        assertThat(p.named("SIZE")).isTrue();
        assertThat(p.named("SIZES")).isFalse();
        assertThat(p.named("SIZ")).isFalse();
        assertThat(p.number()).isEqualTo(12);
        assertThat(p.next()).isTrue();
        assertThat(p.named("SMTPUTF8")).isTrue();
        assertThat(p.hasValue()).isFalse();
        assertThat(p.number()).isEqualTo(-1);
        assertThat(p.next()).isTrue();
        assertThat(p.valued("8BITMIME")).isTrue();
        assertThat(p.valued("8BIT")).isFalse();
        assertThat(p.next()).isFalse();
        assertThat(p.malformed()).isFalse();
    }

    @Test
    void noneIsWellFormed() {
        for (String none : new String[] { "", " ", "    " }) {
            EsmtpParameters p = of(none);
            assertThat(p.next()).isFalse();
            assertThat(p.malformed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = { " =", " =x", " A=", " A= B", " A==b", " A=b=c", " -A", " A_B", " A\tB", " A=b\tc", " \u00e9",
                    " A=\u00e9", "A", " A,B", " A=\u007f" })
    void whatIsNoParameterIsMalformed(String text) {
        EsmtpParameters p = of(text);
        assertThat(count(p)).isZero();
        assertThat(p.malformed()).isTrue();
    }

    @Test
    void malformedOneIsFoundBehindGoodOnes() {
        EsmtpParameters p = of(" A B=c D=");
        assertThat(count(p)).isEqualTo(2);
        assertThat(p.malformed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({ "0,0", "00012,12", "9223372036854775806,9223372036854775806",
            "9223372036854775807,9223372036854775807", "9223372036854775808,9223372036854775807",
            "99999999999999999999,9223372036854775807", "123456789012345678901,-1", "-1,-1", "1x,-1", "+1,-1",
            "0x1,-1" })
    void numbersAreUpToTwentyDigits(String text, long number) {
        EsmtpParameters p = of(" SIZE=" + text);
        assertThat(p.next()).isTrue();
        assertThat(p.number()).isEqualTo(number);
    }
}
