package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

class ReplyReaderTest {

    private static ByteBuf bytes(String s) {
        return Unpooled.copiedBuffer(s, StandardCharsets.UTF_8);
    }

    private static Reply read(String s) {
        ReplyReader reader = new ReplyReader();
        assertThat(reader.next(bytes(s), true)).as(s).isGreaterThanOrEqualTo(200);
        return reader.reply();
    }

    @Test
    void enhancedCodeIsTakenFromEachLine() {
        Reply r = read("550-5.1.1 The email account\r\n550-5.1.1 does not exist\r\n550 5.1.1 x - gsmtp\r\n");
        assertThat(r.code()).isEqualTo(550);
        assertThat(r.enhanced()).hasToString("5.1.1");
        assertThat(r.text()).isEqualTo("The email account\ndoes not exist\nx - gsmtp");
    }

    @Test
    void whatOnlyLooksLikeAnEnhancedCodeIsText() {
        for (String text : new String[] { "5.1 x", "5.1.1234 x", "1.1.1 x", "5..1 x", "5.1.1x", "5.1.", "2" }) {
            Reply r = read("550 " + text + "\r\n");
            assertThat(r.enhanced()).as(text).isNull();
            assertThat(r.text()).isEqualTo(text);
        }
        assertThat(read("250 2.0.0\r\n").enhanced()).hasToString("2.0.0");
        assertThat(read("250 2.0.0\r\n").text()).isEmpty();
    }

    @Test
    void shortFormsAreReplies() {
        assertThat(read("250\r\n")).isEqualTo(new Reply(250, null, ""));
        assertThat(read("250 \r\n")).isEqualTo(new Reply(250, null, ""));
        assertThat(read("250 bare line feed\n").text()).isEqualTo("bare line feed");
        assertThat(read("250-\r\n250\r\n").text()).isEqualTo("\n");
    }

    @Test
    void controlCharactersBecomeBlanks() {
        assertThat(read("550 a\tb\u0000c\u001b[31m\u007f\rd\u0085e\u00fc\r\n").text())
                .isEqualTo("a b c [31m  d e\u00fc");
    }

    @Test
    void longLinesAreCut() {
        assertThat(read("550 " + "x".repeat(3000) + "\r\n").text()).hasSize(ReplyReader.MAX_TEXT);
    }

    @Test
    void everySplitGivesTheSameReplies() {
        String all = "250-a\r\n250-b\r\n250 c\r\n354 go\r\n550 5.1.1 no\r\n";
        for (int cut = 0; cut <= all.length(); cut++) {
            ReplyReader reader = new ReplyReader();
            ByteBuf in = bytes(all.substring(0, cut));
            StringBuilder codes = new StringBuilder();
            for (int c = reader.next(in, false); c != ReplyReader.MORE; c = reader.next(in, false))
                codes.append(c).append(' ');
            in.writeBytes(bytes(all.substring(cut)));
            for (int c = reader.next(in, false); c != ReplyReader.MORE; c = reader.next(in, false))
                codes.append(c).append(' ');
            assertThat(codes).hasToString("250 354 550 ");
            assertThat(reader.reply()).hasToString("550 5.1.1 no");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "\r\n", "25\r\n", "150 x\r\n", "650 x\r\n", "2x0 x\r\n", "250_x\r\n", "250-a\r\n251 b\r\n",
            "250-a\r\nb\r\n", "HTTP/1.1 400 Bad Request\r\n" })
    void nonsenseIsMalformed(String s) {
        assertThat(new ReplyReader().next(bytes(s), true)).isEqualTo(ReplyReader.MALFORMED);
    }

    @Test
    void endlessRepliesAreMalformed() {
        assertThat(new ReplyReader().next(bytes("250-x\r\n".repeat(ReplyReader.MAX_LINES + 1)), true))
                .isEqualTo(ReplyReader.MALFORMED);
        assertThat(new ReplyReader().next(bytes("2".repeat(ReplyReader.MAX_LINE + 1)), true))
                .isEqualTo(ReplyReader.MALFORMED);
        assertThat(new ReplyReader().next(bytes("250 " + "2".repeat(ReplyReader.MAX_LINE) + "\r\n"), true))
                .isEqualTo(ReplyReader.MALFORMED);
        assertThat(new ReplyReader().next(bytes("250-x\r\n".repeat(ReplyReader.MAX_LINES - 1) + "250 x\r\n"), true))
                .isEqualTo(250);
    }
}
