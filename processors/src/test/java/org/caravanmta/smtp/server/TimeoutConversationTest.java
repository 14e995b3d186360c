package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that stand still. */
@Timeout(30)
class TimeoutConversationTest {

    private static final String COMMAND = "smtp-command-timeout: 5m";
    private static final String DATA = "smtp-data-timeout: 10m";
    private static final String EXPIRED = "421 4.4.2 Timeout, closing connection\r\n";
    private static final String ENVELOPE = "EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<b@dest.example>\r\n";
    private static final Duration JUST_UNDER_5M = Duration.ofSeconds(299);
    private static final Duration JUST_UNDER_10M = Duration.ofSeconds(599);

    @TempDir
    Path spool;

    private MockSession session(Submissions.Answer answer, String... directives) throws Exception {
        MockSession s = new MockSession(spool, answer, directives);
        assertThat(s.replies()).isEqualTo("220 mta.example ESMTP\r\n");
        return s;
    }

    private MockSession session() throws Exception {
        return session(Submissions.AT_ONCE, COMMAND, DATA);
    }

    private static void expires(MockSession s, String lastWords) {
        assertThat(s.pass(Duration.ofSeconds(1))).isEqualTo(lastWords);
        assertThat(s.open()).isFalse();
    }

    @Test
    void silentClientHears421() throws Exception {
        MockSession s = session();
        assertThat(s.pass(JUST_UNDER_5M)).isEmpty();
        expires(s, EXPIRED);
    }

    @Test
    void everyCommandStartsTheClockAgain() throws Exception {
        MockSession s = session();
        for (int i = 0; i < 5; i++) {
            assertThat(s.pass(JUST_UNDER_5M)).isEmpty();
            assertThat(s.say("NOOP\r\n")).isEqualTo("250 2.0.0 OK\r\n");
        }
        assertThat(s.pass(JUST_UNDER_5M)).isEmpty();
        expires(s, EXPIRED);
    }

    @Test
    void halfACommandDoesNot() throws Exception {
        MockSession s = session();
        for (int i = 0; i < 299; i++) {
            assertThat(s.pass(Duration.ofSeconds(1))).isEmpty();
            assertThat(s.say("N")).isEmpty();
        }
        expires(s, EXPIRED);
    }

    @Test
    void dataHasItsOwnTimeout() throws Exception {
        MockSession s = session();
        assertThat(s.say(ENVELOPE + "DATA\r\n")).endsWith("354 End data with <CR><LF>.<CR><LF>\r\n");
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        assertThat(s.say("Subject")).isEmpty();
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        assertThat(s.say(": x\r\n")).isEmpty();
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        expires(s, EXPIRED);
        assertThat(s.submissions().isEmpty()).isTrue();
    }

    @Test
    void chunkIsData() throws Exception {
        MockSession s = session();
        s.say(ENVELOPE + "BDAT 100\r\nSubject: x\r\n");
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        expires(s, EXPIRED);
    }

    @Test
    void betweenChunksACommandIsAwaited() throws Exception {
        MockSession s = session();
        assertThat(s.say(ENVELOPE + "BDAT 12\r\nSubject: x\r\n")).endsWith("250 2.0.0 Chunk received\r\n");
        assertThat(s.pass(JUST_UNDER_5M)).isEmpty();
        expires(s, EXPIRED);
    }

    @Test
    void messageThatNobodyAnswersIsNotTaken() throws Exception {
        MockSession s = session(Submissions.BY_THE_TEST, COMMAND, DATA);
        s.say(ENVELOPE + "DATA\r\nSubject: x\r\n\r\n.\r\n");
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        expires(s, "451 4.3.0 Message could not be taken, try again later\r\n" + EXPIRED);
    }

    @Test
    void answerStartsTheClockAgain() throws Exception {
        MockSession s = session(Submissions.BY_THE_TEST, COMMAND, DATA);
        s.say(ENVELOPE + "DATA\r\nSubject: x\r\n\r\n.\r\n");
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        s.submissions().take().answer(Submissions.QUEUED);
        assertThat(s.pass(JUST_UNDER_5M)).isEqualTo("250 2.6.0 queued\r\n");
        expires(s, EXPIRED);
    }

    @Test
    void shorterDataTimeoutHoldsForDataAlone() throws Exception {
        MockSession s = session(Submissions.AT_ONCE, "smtp-command-timeout: 10m", "smtp-data-timeout: 5m");
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        s.say(ENVELOPE + "DATA\r\n");
        assertThat(s.pass(JUST_UNDER_5M)).isEmpty();
        expires(s, EXPIRED);
    }

    @Test
    void refusedMessageStartsTheClockAgain() throws Exception {
        MockSession s = session();
        s.say(ENVELOPE + "DATA\r\n");
        assertThat(s.pass(JUST_UNDER_10M)).isEmpty();
        assertThat(s.say("a\0b\r\n.\r\n")).isEqualTo("550 5.6.0 NUL in message\r\n");
        assertThat(s.pass(JUST_UNDER_5M)).isEmpty();
        expires(s, EXPIRED);
    }
}
