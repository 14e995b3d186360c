package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the next handler answers is what the client hears, and no answer is never a yes. */
@ParameterizedClass
@EnumSource(TestServer.Transport.class)
@Timeout(30)
class AnswerConversationTest {

    private static final String MESSAGE = "Subject: x\r\n\r\n";
    private static final String NOT_TAKEN = "451 4.3.0 Message could not be taken, try again later";
    private static final String BROKEN = "421 4.3.0 Internal error, closing connection";

    @Parameter
    TestServer.Transport transport;

    private TestServer answering(Submissions.Answer answer) {
        return new TestServer().transport(transport).answer(answer);
    }

    private void hears(Submissions.Answer answer, String... reply) throws Exception {
        try (var server = answering(answer).start(); var t = server.client()) {
            t.send(MESSAGE);
            t.expect(reply);
            t.send(MESSAGE);
            t.expect(reply);
            t.quit();
        }
    }

    @Test
    void replyIsPassedOn() throws Exception {
        hears(t -> t.answer(Reply.of(250, null, "ok")), "250 ok");
        hears(t -> t.answer(Reply.of(452, "4.3.1", "no room")), "452 4.3.1 no room");
        hears(t -> t.answer(Reply.of(554, "5.7.1", "two\nlines")), "554-5.7.1 two", "554 5.7.1 lines");
        hears(t -> t.answer(Reply.of(250, "2.0.0", "a\r\n250 b\u00e9")), "250-2.0.0 a ", "250 2.0.0 250 b?");
    }

    @Test
    void replyMayComeLaterFromAnyThread() throws Exception {
        hears(t -> Thread.ofVirtual().start(() -> t.answer(Submissions.QUEUED)), "250 2.6.0 queued");
        hears(t -> t.ctx().executor().execute(() -> t.answer(Submissions.QUEUED)), "250 2.6.0 queued");
    }

    @Test
    void replyNeedsNoFlush() throws Exception {
        hears(t -> t.ctx().write(Submissions.QUEUED), "250 2.6.0 queued");
        hears(t -> t.ctx().executor().execute(() -> t.ctx().write(Submissions.QUEUED)), "250 2.6.0 queued");
        hears(t -> t.ctx().channel().write(Submissions.QUEUED), "250 2.6.0 queued");
    }

    @Test
    void anythingElseIsATemporaryRefusal() throws Exception {
        hears(t -> t.ctx().writeAndFlush("yes"), NOT_TAKEN);
        hears(t -> t.answer(Reply.of(354, null, "go on")), NOT_TAKEN);
        hears(t -> t.ctx().pipeline().fireExceptionCaught(new IllegalStateException("scripted")), NOT_TAKEN);
    }

    @Test
    void closingInsteadOfAnsweringIsATemporaryRefusal() throws Exception {
        closes(t -> t.ctx().close(), NOT_TAKEN, BROKEN);
        closes(t -> Thread.ofVirtual().start(() -> t.ctx().channel().close()), NOT_TAKEN, BROKEN);
        closes(t -> {
            throw new IllegalStateException("scripted");
        }, NOT_TAKEN, BROKEN);
    }

    @Test
    void after421TheSessionEnds() throws Exception {
        closes(t -> t.answer(Reply.of(421, "4.3.2", "later")), "421 4.3.2 later");
        closes(t -> Thread.ofVirtual().start(() -> t.answer(Reply.of(421, "4.3.2", "later"))), "421 4.3.2 later");
    }

    private void closes(Submissions.Answer answer, String... reply) throws Exception {
        try (var server = answering(answer).start(); var t = server.client()) {
            t.send(MESSAGE);
            t.expect(reply);
            t.expectEnd();
        }
    }

    @Test
    void nothingIsDoneForAClientThatWasGivenUp() throws Exception {
        try (var server = answering(t -> t.ctx().close()).start(); var t = server.client()) {
            t.data();
            t.raw(MESSAGE + ".\r\nMAIL FROM:<>\r\nRCPT TO:<b@dest.example>\r\nDATA\r\n" + MESSAGE + ".\r\n");
            t.expect(NOT_TAKEN, BROKEN);
            server.taken();
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    @Test
    void onlyTheFirstAnswerCounts() throws Exception {
        try (var server = answering(t -> {
            t.answer(Submissions.QUEUED);
            t.answer(Reply.of(550, "5.0.0", "no"));
        }).start(); var t = server.client()) {
            t.send(MESSAGE);
            t.expect("250 2.6.0 queued");
            t.quit();
        }
    }

    @Test
    void answerToAClientThatIsGoneFails() throws Exception {
        try (var server = answering(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            t.send(MESSAGE);
            var taken = server.taken();
            t.reset();
            TestServer.eventually("closed", () -> server.context().openConnections() == 0);
            var written = taken.ctx().channel().writeAndFlush(Submissions.QUEUED).awaitUninterruptibly();
            assertThat(written.isSuccess()).isFalse();
        }
    }
}
