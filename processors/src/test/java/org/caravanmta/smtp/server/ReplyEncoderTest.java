package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyEncoderTest {

    private static String encoded(int code, String enhanced, String text) {
        return new String(ReplyEncoder.encode(Reply.of(code, enhanced, text)), StandardCharsets.US_ASCII);
    }

    @Test
    void oneLine() {
        assertThat(encoded(250, "2.0.0", "OK")).isEqualTo("250 2.0.0 OK\r\n");
        assertThat(encoded(250, null, "OK")).isEqualTo("250 OK\r\n");
        assertThat(encoded(250, null, "")).isEqualTo("250 \r\n");
        assertThat(encoded(250, "2.0.0", null)).isEqualTo("250 2.0.0 \r\n");
    }

    @Test
    void everyLineHasTheCodes() {
        assertThat(encoded(550, "5.7.1", "a\nb\n")).isEqualTo("550-5.7.1 a\r\n550-5.7.1 b\r\n550 5.7.1 \r\n");
    }

    @Test
    void textCannotLeaveItsLine() {
        assertThat(encoded(250, null, "a\r\n221 bye")).isEqualTo("250-a \r\n250 221 bye\r\n");
        assertThat(encoded(250, null, "a\rb\tc\0d\u001be\u007ff\u00e9g\u4f60")).isEqualTo("250 a b c?d?e?f?g?\r\n");
    }

    @Test
    void linesAreCutToWhatRfc5321Allows() {
        String line = encoded(550, "5.999.999", "x".repeat(10_000));
        assertThat(line.length()).isBetween(480, 512);
        assertThat(line).endsWith("x\r\n");
        assertThat(encoded(550, null, "x".repeat(600) + "\ny")).endsWith("x\r\n550 y\r\n");
    }

    @ParameterizedTest
    @CsvSource({ "250,true", "251,true", "354,false", "399,false", "421,true", "452,true", "554,true", "199,false",
            "600,false" })
    void endOfDataIsAnsweredForGood(int code, boolean ends) {
        assertThat(ReplyCheck.endsData(Reply.of(code, null, ""))).isEqualTo(ends);
    }
}
