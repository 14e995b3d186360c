package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a client says, and in whatever pieces it arrives: replies and messages are the same. */
@Timeout(60)
class RandomSplitConversationTest {

    private static final String[] PIECES = { "EHLO client.example\r\n", "HELO c\r\n", "MAIL FROM:<a@example.com>\r\n",
            "MAIL FROM:<> SIZE=500\r\n", "RCPT TO:<b@dest.example>\r\n", "RCPT TO:<c@dest.example>\r\n", "DATA\r\n",
            "Subject: x\r\n", "X-Job: 1\r\n", "\tfolded\r\n", "\r\n", "text\r\n", "..\r\n", ".\r\n", ".\r\n", "\n",
            "\r", ".", "\0", "BDAT 7\r\ntext.\r\n", "BDAT 0 LAST\r\n", "BDAT 3 LAST\r\n.\r\n", "NOOP\r\n", "RSET\r\n",
            "nonsense", "0123456789abcdef0123456789abcdef\u00e9\r\n", "long line long line".repeat(100) };
    private static final String TRANSACTION = "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@dest.example>\r\n";

    @TempDir
    Path spool;

    private record Result(String replies, List<String> messages) {
    }

    private Result result(List<String> segments) throws Exception {
        MockSession s = new MockSession(spool, Submissions.AT_ONCE, "max-line-length: 1000");
        StringBuilder replies = new StringBuilder(s.replies());
        for (String segment : segments)
            replies.append(s.say(segment));
        List<String> messages = new ArrayList<>();
        while (!s.submissions().isEmpty())
            messages.add(s.submissions().take().text());
        return new Result(replies.toString(), messages);
    }

    private static String conversation(Random random) {
        StringBuilder s = new StringBuilder("EHLO client.example\r\n");
        for (int i = random.nextInt(40); i >= 0; i--) {
            int kind = random.nextInt(12);
            s.append(kind == 0 ? TRANSACTION : kind == 1 ? TRANSACTION + "DATA\r\n"
                    : PIECES[random.nextInt(PIECES.length)]);
        }
        return s.toString();
    }

    private static List<String> split(String s, Random random) {
        List<String> segments = new ArrayList<>();
        int most = 1 + random.nextInt(60);
        for (int from = 0; from < s.length();) {
            int to = Math.min(s.length(), from + 1 + random.nextInt(most));
            segments.add(s.substring(from, to));
            from = to;
        }
        return segments;
    }

    @Test
    void splitsChangeNothing() throws Exception {
        Random random = new Random(4711);
        int messages = 0;
        for (int n = 0; n < 2_000; n++) {
            String conversation = conversation(random);
            Result whole = result(List.of(conversation));
            messages += whole.messages().size();
            for (int i = 0; i < 3; i++)
                assertThat(result(split(conversation, random))).as(conversation).isEqualTo(whole);
        }
        assertThat(messages).as("the conversations are worth having").isGreaterThan(500);
    }
}
