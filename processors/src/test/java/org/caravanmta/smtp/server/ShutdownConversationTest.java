package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The gateway stops: nobody is kept waiting, and no message on its way is lost. */
@ParameterizedClass
@EnumSource(TestServer.Transport.class)
@Timeout(30)
class ShutdownConversationTest {

    private static final String BYE = "421 4.3.2 Service shutting down, try again later";
    private static final String NOT_TAKEN = "451 4.3.0 Message could not be taken, try again later";

    @Parameter
    TestServer.Transport transport;

    private TestServer server() {
        return new TestServer().transport(transport);
    }

    @Test
    void withoutClientsItIsDrainedAtOnce() throws Exception {
        try (var server = server().start()) {
            server.context().drain().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void idleClientsHear421() throws Exception {
        try (var server = server().start(); var idle = server.client(); var inTransaction = server.client()) {
            inTransaction.envelope();
            var drained = server.context().drain();
            for (Talk t : new Talk[] { idle, inTransaction }) {
                t.expect(BYE);
                t.expectEnd();
                t.leave();
            }
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void newClientsHear421() throws Exception {
        try (var server = server().start(); var busy = server.client()) {
            busy.data();
            var drained = server.context().drain();
            try (var late = server.connect()) {
                late.expect(BYE);
                late.expectEnd();
            }
            assertThat(drained).isNotDone();
        }
    }

    @Test
    void messageInDataMayBeFinished() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.data();
            t.segment("Subject: x\r\n");
            var drained = server.context().drain();
            t.raw("\r\nbody\r\n.\r\nNOOP\r\n");
            t.expect("250 2.6.0 queued", BYE);
            t.expectEnd();
            t.leave();
            drained.get(10, TimeUnit.SECONDS);
            assertThat(server.taken().text()).isEqualTo("Subject: x\r\n\r\nbody\r\n");
        }
    }

    @Test
    void messageInChunksMayBeFinished() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.envelope();
            t.raw("BDAT 12\r\nSubject: x\r\n");
            t.expect("250 2.0.0 Chunk received");
            server.context().drain();
            t.raw("BDAT 2\r\n\r\n");
            t.expect("250 2.0.0 Chunk received");
            t.ask("BDAT 0 LAST", "250 2.6.0 queued", BYE);
            t.expectEnd();
        }
    }

    @Test
    void refusedMessageEndsTheSessionToo() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.data();
            server.context().drain();
            t.raw("a\0b\r\n.\r\n");
            t.expect("550 5.6.0 NUL in message", BYE);
            t.expectEnd();
        }
    }

    @Test
    void submittedMessageIsAnsweredFirst() throws Exception {
        try (var server = server().answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            t.send("Subject: x\r\n\r\n");
            var taken = server.taken();
            var drained = server.context().drain();
            server.inLoop(() -> true);
            assertThat(t.silent()).isTrue();
            taken.answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued", BYE);
            t.expectEnd();
            t.leave();
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void clientThatDoesNotCloseIsClosed() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            var drained = server.context().drain();
            t.expect(BYE);
            t.expectEnd();
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void closeEndsEverythingAtOnce() throws Exception {
        try (var server = server().answer(Submissions.BY_THE_TEST).start();
                var idle = server.client();
                var data = server.client();
                var submitted = server.client()) {
            data.data();
            submitted.send("Subject: x\r\n\r\n");
            server.taken();
            server.context().close();
            submitted.expect(NOT_TAKEN, BYE);
            submitted.expectEnd();
            data.expectEnd();
            idle.expectEnd();
            TestServer.eventually("all gone", () -> server.context().openConnections() == 0);
            assertThat(server.events()).contains("answered 451");
        }
    }
}
