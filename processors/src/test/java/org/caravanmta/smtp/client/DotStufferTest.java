package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

class DotStufferTest {

    private static String stuffed(String content, int... cuts) {
        byte[] a = content.getBytes(StandardCharsets.ISO_8859_1);
        DotStuffer stuffer = new DotStuffer();
        ByteBuf out = Unpooled.buffer();
        int from = 0;
        for (int cut : cuts) {
            stuffer.append(a, from, cut - from, out);
            from = cut;
        }
        stuffer.append(a, from, a.length - from, out);
        stuffer.end(out);
        return new String(ByteBufUtil.getBytes(out), StandardCharsets.ISO_8859_1);
    }

    @Test
    void dotsAtLineStartsAreDoubled() {
        assertThat(stuffed("a\r\n")).isEqualTo("a\r\n.\r\n");
        assertThat(stuffed(".\r\n")).isEqualTo("..\r\n.\r\n");
        assertThat(stuffed("a.\r\n.b\r\n")).isEqualTo("a.\r\n..b\r\n.\r\n");
        assertThat(stuffed("")).isEqualTo(".\r\n");
    }

    @Test
    void onlyCrlfEndsALine() {
        assertThat(stuffed("a\n.b\r.c\r\n")).isEqualTo("a\n.b\r.c\r\n.\r\n");
    }

    @Test
    void missingLastLineEndIsAdded() {
        assertThat(stuffed("a")).isEqualTo("a\r\n.\r\n");
        assertThat(stuffed("a\n")).isEqualTo("a\n\r\n.\r\n");
    }

    @Test
    void everyCutGivesTheSame() {
        String s = ".\r\n\r\n.a\r\r\n..\n.\r\n";
        String expected = stuffed(s);
        for (int i = 0; i <= s.length(); i++)
            for (int j = i; j <= s.length(); j++)
                assertThat(stuffed(s, i, j)).isEqualTo(expected);
    }

    /** What a strict receiver un-stuffs is what was sent, whatever the content and the pieces. */
    @Test
    void unstuffedContentEqualsTheContent() {
        Random random = new Random(4711);
        for (int n = 0; n < 20_000; n++) {
            int length = random.nextInt(60);
            StringBuilder s = new StringBuilder();
            for (int i = 0; i < length; i++)
                s.append("..\r\n\r\nab".charAt(random.nextInt(8)));
            s.append("\r\n");
            int cut = random.nextInt(s.length() + 1);
            int cut2 = cut + random.nextInt(s.length() - cut + 1);
            assertThat(unstuffed(stuffed(s.toString(), cut, cut2))).isEqualTo(s.toString());
        }
    }

    private static String unstuffed(String wire) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        for (;;) {
            int end = wire.indexOf("\r\n", from) + 2;
            String line = wire.substring(from, end);
            from = end;
            if (line.equals(".\r\n")) {
                assertThat(from).as("nothing behind the end").isEqualTo(wire.length());
                return out.toString(StandardCharsets.ISO_8859_1);
            }
            out.writeBytes(line.substring(line.startsWith(".") ? 1 : 0).getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
