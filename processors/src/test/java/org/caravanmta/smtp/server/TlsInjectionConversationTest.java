package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody on the way puts plain commands behind STARTTLS, so that they might be obeyed under the protection of the
 * client's TLS (CVE-2011-0411). None is, however they are cut.
 */
@Timeout(120)
class TlsInjectionConversationTest {

    private static final String BEFORE = "EHLO client.example\r\n";
    private static final String STARTTLS = "STARTTLS\r\n";
    private static final String INJECTED = "RSET\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<b@dest.example>\r\nDATA\r\n"
            + "Subject: evil\r\n\r\n.\r\nQUIT\r\n";
    private static final String GO_AHEAD = "220 2.0.0 Ready to start TLS\r\n";
    private static final String TURNED_AWAY = "554 5.5.1 Nothing may follow STARTTLS before the handshake\r\n";

    @TempDir
    Path spool;
    @TempDir
    Path keys;

    /** @return what was said after the reply to EHLO */
    private String replies(List<String> segments) throws Exception {
        MockSession s = new MockSession(spool, Submissions.AT_ONCE, TestTls.certificate(keys, "gw"));
        StringBuilder replies = new StringBuilder(s.replies());
        for (String segment : segments)
            replies.append(s.say(segment));
        assertThat(s.submissions().isEmpty()).as("no message of " + segments).isTrue();
        assertThat(s.open()).as("open after " + segments).isFalse();
        String end = "250 ENHANCEDSTATUSCODES\r\n";
        assertThat(replies).contains("250-STARTTLS\r\n", end);
        return replies.substring(replies.indexOf(end) + end.length());
    }

    /** Turned away, or told to go ahead and then at most a TLS alert; never a reply to what was injected. */
    private static void nothingExecuted(String replies) {
        if (replies.equals(TURNED_AWAY))
            return;
        assertThat(replies).startsWith(GO_AHEAD);
        String behind = replies.substring(GO_AHEAD.length());
        assertThat(behind).hasSizeLessThan(10).doesNotContain("250", "354", "221", "50");
        assertThat(behind.isEmpty() || behind.charAt(0) == 0x15).as("an alert: " + behind).isTrue();
    }

    @Test
    void inOneSegment() throws Exception {
        assertThat(replies(List.of(BEFORE + STARTTLS + INJECTED))).isEqualTo(TURNED_AWAY);
        assertThat(replies(List.of(BEFORE, STARTTLS + "RSET\r\nMAIL FROM:<a@example.com>\r\n"))).isEqualTo(TURNED_AWAY);
        assertThat(replies(List.of(BEFORE, STARTTLS + "\r\n"))).isEqualTo(TURNED_AWAY);
        assertThat(replies(List.of(BEFORE, STARTTLS + "x"))).isEqualTo(TURNED_AWAY);
    }

    @Test
    void inASegmentOfTheirOwn() throws Exception {
        nothingExecuted(replies(List.of(BEFORE, STARTTLS, INJECTED)));
    }

    @Test
    void cutAtEveryByte() throws Exception {
        String all = BEFORE + STARTTLS + INJECTED;
        for (int i = 1; i < all.length(); i++)
            nothingExecuted(replies(List.of(all.substring(0, i), all.substring(i))));
    }

    @Test
    void cutTwiceAroundTheCommand() throws Exception {
        String all = BEFORE + STARTTLS + INJECTED;
        int behind = (BEFORE + STARTTLS).length();
        for (int i = BEFORE.length(); i <= behind; i++)
            for (int j = i + 1; j < behind + 20; j++)
                nothingExecuted(replies(List.of(all.substring(0, i), all.substring(i, j), all.substring(j))));
    }

    @Test
    void byteByByteAndInRandomPieces() throws Exception {
        String all = BEFORE + STARTTLS + INJECTED;
        nothingExecuted(replies(List.of(all.split(""))));
        Random random = new Random(3207);
        for (int n = 0; n < 500; n++) {
            List<String> pieces = new ArrayList<>();
            for (int from = 0; from < all.length();) {
                int to = Math.min(all.length(), from + 1 + random.nextInt(30));
                pieces.add(all.substring(from, to));
                from = to;
            }
            nothingExecuted(replies(pieces));
        }
    }
}
