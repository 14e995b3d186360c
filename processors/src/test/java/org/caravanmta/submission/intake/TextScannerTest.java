package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextScannerTest {

    private static final int MAX_LINE = 12;

    private record Scan(String text, int consumed, boolean ended, Reply defect, boolean eightBit) {
    }

    private static Scan scan(boolean dotStuffed, String s, int... cuts) {
        byte[] a = s.getBytes(StandardCharsets.ISO_8859_1);
        TextScanner scanner = new TextScanner(dotStuffed, MAX_LINE);
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i <= cuts.length && !scanner.ended(); i++) {
            int to = i < cuts.length ? cuts[i] : a.length;
            int end = scanner.scan(a, from, to);
            text.append(new String(a, from, end - from, StandardCharsets.ISO_8859_1));
            from = scanner.ended() ? scanner.consumed() : to;
        }
        return new Scan(text.toString(), from, scanner.ended(), scanner.defect(), scanner.eightBit());
    }

    @ParameterizedTest
    @ValueSource(strings = { ".\r\n", "..\r\n.\r\n", "a\r\n..b\r\n.\r\nc", "\r\n.\r\n.\r\n", "0123456789\r\n.\r\n",
            "...........\r\n.\r\n", "a\u00e9\r\n.\r\n", "0123456789\r\n0123456789\r\n.\r\n" })
    void wellFormedTextEnds(String s) {
        Scan scan = scan(true, s);
        int end = ("\r\n" + s).indexOf("\r\n.\r\n");
        assertThat(scan.ended()).isTrue();
        assertThat(scan.defect()).isNull();
        assertThat(scan.consumed()).isEqualTo(end + 3);
        assertThat(scan.text()).isEqualTo(unstuffed(s.substring(0, end)));
    }

    @Test
    void everyKindOfDefectIsNamed() {
        assertThat(scan(true, "a\nb").defect()).isSameAs(Refusals.BARE_LINE_END);
        assertThat(scan(true, "a\rb").defect()).isSameAs(Refusals.BARE_LINE_END);
        assertThat(scan(true, ".\rb").defect()).isSameAs(Refusals.BARE_LINE_END);
        assertThat(scan(true, "a\0").defect()).isSameAs(Refusals.NUL_IN_MESSAGE);
        assertThat(scan(true, "01234567890").defect()).isSameAs(Refusals.TEXT_LINE_TOO_LONG);
        assertThat(scan(true, "01234567890\n\0").defect()).isSameAs(Refusals.TEXT_LINE_TOO_LONG);
        assertThat(scan(true, "\t\u0001\u000b\u007f").defect()).isNull();
    }

    @Test
    void withoutStuffingDotsAreText() {
        Scan scan = scan(false, ".\r\n..\r\n.\r\n");
        assertThat(scan.ended()).isFalse();
        assertThat(scan.text()).isEqualTo(".\r\n..\r\n.\r\n");
    }

    @Test
    void textKnowsHowItEnds() {
        for (String s : new String[] { "", "a\r\n" }) {
            TextScanner scanner = new TextScanner(false, 0);
            scanner.scan(s.getBytes(StandardCharsets.US_ASCII), 0, s.length());
            assertThat(scanner.atLineStart()).isTrue();
        }
        TextScanner scanner = new TextScanner(false, 0);
        scanner.scan(new byte[] { 'a', '\r' }, 0, 2);
        assertThat(scanner.atLineStart()).isFalse();
        assertThat(scanner.endsInCr()).isTrue();
    }

    /** Eight bytes at a time: a special byte at every place of a word, among every neighbour. */
    @Test
    void specialBytesAreSeenAtEveryPlace() {
        for (int b = 0; b < 256; b++) {
            for (int at = 0; at < 24; at++) {
                byte[] a = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
                a[at] = (byte) b;
                TextScanner scanner = new TextScanner(false, 0);
                assertThat(scanner.scan(a, 0, a.length)).isEqualTo(a.length);
                assertThat(scanner.eightBit()).isEqualTo(b > 127);
                assertThat(scanner.defect() != null).isEqualTo(b == 0 || b == '\r' || b == '\n');
            }
        }
    }

    /** Against the rules as they can be said in one line each, with random text in random pieces. */
    @Test
    void scannerFollowsTheRules() {
        Random random = new Random(4711);
        String alphabet = "\r\n\r\n\r\n...ab\u00e9\0";
        for (int n = 0; n < 200_000; n++) {
            StringBuilder b = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--)
                b.append(random.nextInt(3) == 0 ? "\r\n" : random.nextInt(40) == 0 ? "0123456789abcdef"
                        : alphabet.substring(random.nextInt(alphabet.length())).substring(0, 1));
            String s = b.toString();
            int cut = random.nextInt(s.length() + 1);
            check(s, scan(true, s, cut, cut + random.nextInt(s.length() - cut + 1)));
        }
    }

    private static void check(String s, Scan scan) {
        int end = ("\r\n" + s).indexOf("\r\n.\r\n");
        assertThat(scan.ended()).as(s).isEqualTo(end >= 0);
        assertThat(scan.consumed()).isEqualTo(end < 0 ? s.length() : end + 3);
        if (end < 0)
            return;
        String stuffed = s.substring(0, end);
        assertThat(scan.defect()).as(s).isSameAs(defect(stuffed));
        if (scan.defect() == null)
            assertThat(scan.text()).isEqualTo(unstuffed(stuffed));
        if (scan.defect() == null)
            assertThat(scan.eightBit()).isEqualTo(stuffed.indexOf('\u00e9') >= 0);
    }

    private static Reply defect(String stuffed) {
        int length = 0;
        char last = '\n';
        boolean lineStart = true;
        for (char c : stuffed.toCharArray()) {
            if ((last == '\r') != (c == '\n'))
                return Refusals.BARE_LINE_END;
            if (c == 0)
                return Refusals.NUL_IN_MESSAGE;
            length = c == '\n' ? 0 : c == '\r' || c == '.' && lineStart ? length : length + 1;
            if (length + 2 > MAX_LINE)
                return Refusals.TEXT_LINE_TOO_LONG;
            lineStart = c == '\n';
            last = c;
        }
        return null;
    }

    private static String unstuffed(String stuffed) {
        return ("\r\n" + stuffed).replace("\r\n.", "\r\n").substring(2);
    }
}
