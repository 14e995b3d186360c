package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

class CommandLineTest {

    private static ByteBuf bytes(String s) {
        return Unpooled.copiedBuffer(s, StandardCharsets.ISO_8859_1);
    }

    private static CommandLine line(String s) {
        CommandLine line = new CommandLine();
        assertThat(line.read(bytes(s + "\r\n"))).isTrue();
        return line;
    }

    private static String text(CommandLine line) {
        return line.tooLong() ? "too long" : line.malformed() ? "malformed" : line.ascii(0, line.end());
    }

    private static List<String> lines(String... segments) {
        CommandLine line = new CommandLine();
        List<String> lines = new ArrayList<>();
        for (String segment : segments) {
            ByteBuf in = bytes(segment);
            while (line.read(in))
                lines.add(text(line));
        }
        return lines;
    }

    @Test
    void everySplitGivesTheSameLines() {
        String s = "NOOP\r\n\r\na\nb\r\nc\r\r\nd\re\r\n" + "x".repeat(3_000) + "\r\nHELP \r\nrest";
        List<String> expected = List.of("NOOP", "", "malformed", "malformed", "malformed", "too long", "HELP");
        assertThat(lines(s)).isEqualTo(expected);
        for (int i = 0; i <= s.length(); i++)
            assertThat(lines(s.substring(0, i), s.substring(i))).isEqualTo(expected);
        assertThat(lines(s.split(""))).isEqualTo(expected);
    }

    @Test
    void lineIsTakenAndNoMore() {
        ByteBuf in = bytes("DATA\r\nSubject: x\r\n");
        assertThat(new CommandLine().read(in)).isTrue();
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("Subject: x\r\n");
    }

    @Test
    void longestLineFits() {
        assertThat(text(line("x".repeat(CommandLine.MAX_LENGTH - 2)))).hasSize(CommandLine.MAX_LENGTH - 2);
        assertThat(line("x".repeat(CommandLine.MAX_LENGTH - 1)).tooLong()).isTrue();
    }

    @Test
    void longerLineIsKnownByItsBeginning() {
        CommandLine line = line("bdat 1 " + "x".repeat(10_000));
        assertThat(line.tooLong()).isTrue();
        assertThat(line.verb()).isEqualTo(CommandLine.verb('B', 'D', 'A', 'T'));
        assertThat(line.has(0, "BDAT 1 ")).isTrue();
    }

    @Test
    void verbIsAWordOfFourLetters() {
        int noop = CommandLine.verb('N', 'O', 'O', 'P');
        assertThat(line("NOOP").verb()).isEqualTo(noop);
        assertThat(line("nOoP x").verb()).isEqualTo(noop);
        assertThat(line("NOOP ").verb()).isEqualTo(noop);
        assertThat(line("NOOPS").verb()).isZero();
        assertThat(line("NOOP\tx").verb()).isZero();
        assertThat(line("NOO").verb()).isZero();
        assertThat(line("").verb()).isZero();
        assertThat(line(" NOOP").verb()).isNotEqualTo(noop);
    }

    @Test
    void argumentStandsBehindOneBlank() {
        CommandLine line = line("VRFY a b \t");
        assertThat(line.hasArgument()).isTrue();
        assertThat(line.ascii(line.argument(), line.end())).isEqualTo("a b");
        assertThat(line("VRFY").hasArgument()).isFalse();
        assertThat(line("VRFY  ").hasArgument()).isFalse();
        assertThat(line("VRFY").argument()).isEqualTo(4);
    }

    @Test
    void comparisonIgnoresTheCaseOfLettersOnly() {
        CommandLine line = line("MAIL from:<\u00e1>");
        assertThat(line.has(5, "FROM:")).isTrue();
        assertThat(line.has(5, "FROM:<\u00c1")).isFalse();
        assertThat(line.has(5, "FROM:<\u00e1>longer")).isFalse();
        assertThat(line("[").has(0, "{")).isFalse();
        assertThat(line("{").has(0, "[")).isFalse();
    }
}
