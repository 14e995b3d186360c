package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fields that are put in front: Received, and where wanted Date and Message-ID. */
@Timeout(30)
class TraceConversationTest {

    private static final String DATE = "Tue, 3 Nov 2026 05:05:06 +0100";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-03T04:05:06Z"), ZoneId.of("Europe/Berlin"));
    private static final String RECEIVED = "Received: from client.example \\(\\[127\\.0\\.0\\.1]\\)\r\n"
            + "\tby mta\\.example with ESMTP id [0-9a-z]{12,13};\r\n\t" + DATE.replace("+", "\\+") + "\r\n";

    private static String sent(String rights, String hello, String mail, String message) throws Exception {
        try (var server = new TestServer().rights(rights + ", always-allow-relaying: yes").clock(CLOCK).start();
                var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.say(hello, mail, "RCPT TO:<b@dest.example>", "DATA");
            for (String line = ""; !line.startsWith("354 ");)
                line = t.line();
            t.raw(message + ".\r\n");
            t.expect("250 2.6.0 queued");
            var taken = server.taken();
            assertThat(taken.message().receivedAtMs()).isEqualTo(CLOCK.millis());
            return taken.text();
        }
    }

    private static String sent(String rights, String message) throws Exception {
        return sent(rights, "EHLO client.example", "MAIL FROM:<a@example.com>", message);
    }

    @Test
    void receivedIsPutInFront() throws Exception {
        String message = "Subject: x\r\n\r\nbody\r\n";
        assertThat(sent("smtp-service: yes", message)).matches(RECEIVED + message);
    }

    @Test
    void receivedSaysTheProtocol() throws Exception {
        assertThat(sent("smtp-service: yes", "HELO client.example", "MAIL FROM:<>", "\r\n")).contains(" with SMTP id ");
        assertThat(sent("smtp-service: yes", "EHLO client.example", "MAIL FROM:<> SMTPUTF8", "\r\n"))
                .contains(" with UTF8SMTP id ");
    }

    @Test
    void sourceCanBeHidden() throws Exception {
        assertThat(sent("hide-message-source: yes", "Subject: x\r\n\r\n")).matches(
                "Received: by mta\\.example with ESMTP id [0-9a-z]+;\r\n\t" + DATE.replace("+", "\\+")
                        + "\r\nSubject: x\r\n\r\n");
    }

    @Test
    void missingDateAndMessageIdAreAdded() throws Exception {
        String rights = "add-received-header: no, add-date-header: yes, add-message-id-header: yes";
        assertThat(sent(rights, "Subject: x\r\n\r\n"))
                .matches("Date: " + DATE.replace("+", "\\+")
                        + "\r\nMessage-ID: <[0-9a-z]+@mta\\.example>\r\nSubject: x\r\n\r\n");
        String complete = "message-id: <1@example.com>\r\nDATE: today\r\n\r\n";
        assertThat(sent(rights, complete)).isEqualTo(complete);
        assertThat(sent(rights, "Date: x\r\n\r\nMessage-ID: in the body\r\n")).startsWith("Message-ID: <")
                .endsWith(">\r\nDate: x\r\n\r\nMessage-ID: in the body\r\n");
    }

    @Test
    void nothingIsAddedUnlessConfigured() throws Exception {
        assertThat(sent("add-received-header: no", "Subject: x\r\n\r\n")).isEqualTo("Subject: x\r\n\r\n");
    }

    /** A first line that is no field would be lost in a header put in front of it: a blank line goes between. */
    @Test
    void messageWithoutHeaderGetsABlankLine() throws Exception {
        for (String message : new String[] { "just text\r\nmore: text\r\n", " indented\r\n",
                "From a Tue Nov 3\r\nTo: b\r\n",
                ": no name\r\n", "\u00e9: x\r\n" })
            assertThat(sent("smtp-service: yes", message)).matches(RECEIVED + "\r\n" + message);
    }

    @Test
    void messageThatBeginsWithABlankLineNeedsNone() throws Exception {
        assertThat(sent("smtp-service: yes", "\r\nSubject: in the body\r\n"))
                .matches(RECEIVED + "\r\nSubject: in the body\r\n");
        assertThat(sent("smtp-service: yes", "")).matches(RECEIVED + "\r\n");
    }

    @Test
    void messageOfHeaderAloneStaysOne() throws Exception {
        assertThat(sent("smtp-service: yes", "Subject: x\r\n")).matches(RECEIVED + "Subject: x\r\n");
        assertThat(sent("smtp-service: yes", "X-Job: x\r\n\r\n")).matches(RECEIVED + "\r\n");
    }

    @Test
    void longNamesFit() throws Exception {
        String name = "a".repeat(255);
        assertThat(sent("add-date-header: yes, add-message-id-header: yes", "EHLO " + name, "MAIL FROM:<> SMTPUTF8",
                "text\r\n")).startsWith("Received: from " + name + " ([127.0.0.1])\r\n")
                .endsWith("@mta.example>\r\n\r\ntext\r\n");
    }

    @Test
    void namesOfMessagesDiffer() throws Exception {
        String first = sent("smtp-service: yes", "\r\n");
        assertThat(sent("smtp-service: yes", "\r\n")).isNotEqualTo(first);
    }
}
