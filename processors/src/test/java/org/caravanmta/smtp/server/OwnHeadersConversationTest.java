package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.config.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** X-Virtual-MTA, X-Job and X-EnvID: obeyed where the source allows, removed always. */
@Timeout(30)
class OwnHeadersConversationTest {

    private static final String MESSAGE = "Subject: x\r\nX-Virtual-MTA: mta2\r\nX-Job: spring\r\nTo: b@dest.example\r\n"
            + "X-EnvID: e1\r\n\r\nX-Job: in the body\r\n";
    private static final String REST = "Subject: x\r\nTo: b@dest.example\r\n\r\nX-Job: in the body\r\n";

    private static Submissions.Taken sent(String rights, String message) throws Exception {
        try (var server = new TestServer().rights(rights + ", always-allow-relaying: yes, add-received-header: no")
                .start(); var t = server.client()) {
            t.send(message);
            t.expect("250 2.6.0 queued");
            return server.taken();
        }
    }

    @Test
    void areObeyedAndRemoved() throws Exception {
        var taken = sent("process-x-virtual-mta: yes", MESSAGE);
        assertThat(taken.text()).isEqualTo(REST);
        assertThat(taken.message().xVirtualMta()).isEqualTo("mta2");
        assertThat(taken.message().jobId()).isEqualTo("spring");
        assertThat(taken.message().envId()).isEqualTo("e1");
    }

    @Test
    void areRemovedWithoutBeingObeyed() throws Exception {
        var taken = sent("process-x-virtual-mta: no, process-x-job: no, process-x-envid: no", MESSAGE);
        assertThat(taken.text()).isEqualTo(REST);
        assertThat(taken.message().xVirtualMta()).isNull();
        assertThat(taken.message().jobId()).isNull();
        assertThat(taken.message().envId()).isNull();
    }

    @Test
    void virtualMtaNeedsAnExplicitRight() throws Exception {
        var taken = sent("smtp-service: yes", MESSAGE);
        assertThat(taken.message().xVirtualMta()).isNull();
        assertThat(taken.message().jobId()).isEqualTo("spring");
        assertThat(taken.message().envId()).isEqualTo("e1");
    }

    @Test
    void foldedMixedCaseAndRepeatedFieldsAreFound() throws Exception {
        var taken = sent("process-x-virtual-mta: yes",
                "x-VIRTUAL-mta :\r\n\t mta2 \r\nX-job: a\r\n b\r\nSubject: x\r\n\tX-Job: no field\r\nX-JOB: c\r\n"
                        + "X-Jobs: stays\r\nX-Virtual-MTA: mta3\r\n\r\n");
        assertThat(taken.text()).isEqualTo("Subject: x\r\n\tX-Job: no field\r\nX-Jobs: stays\r\n\r\n");
        assertThat(taken.message().xVirtualMta()).isEqualTo("mta2");
        assertThat(taken.message().jobId()).isEqualTo("a b");
    }

    @Test
    void emptyFieldSaysNothing() throws Exception {
        var taken = sent("process-x-virtual-mta: yes", "X-Virtual-MTA:\r\nX-Job: \r\n\t\r\n\r\n");
        assertThat(taken.text()).isEqualTo("\r\n");
        assertThat(taken.message().xVirtualMta()).isNull();
        assertThat(taken.message().jobId()).isNull();
    }

    @Test
    void controlCharactersAreRefused() throws Exception {
        try (var server = new TestServer().start(); var t = server.client()) {
            t.send("X-Job: a\u0001b\r\n\r\n");
            t.expect("550 5.6.0 Control character in X-Job");
            t.send("X-Virtual-MTA: \u001b[2J\r\n\r\n");
            t.expect("550 5.6.0 Control character in X-Virtual-MTA");
            assertThat(server.nothingTaken()).isTrue();
        }
    }

    /** Where the field is not obeyed its value travels nowhere. */
    @Test
    void controlCharactersInAnUnreadFieldDoNoHarm() throws Exception {
        var taken = sent("process-x-job: no", "X-Job: a\u0001b\r\nSubject: x\r\n\r\n");
        assertThat(taken.text()).isEqualTo("Subject: x\r\n\r\n");
    }

    @Test
    void rightsTravelWithTheMessage() throws Exception {
        Source source = sent("default-virtual-mta: \"{default}\"", "Subject: x\r\n\r\n").message().source();
        assertThat(source.alwaysAllowRelaying()).isTrue();
        assertThat(source.defaultVirtualMta()).isEqualTo("{default}");
    }
}
