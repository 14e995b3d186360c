package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.caravanmta.tls.TlsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** STARTTLS (RFC 3207) and TLS from the first byte (RFC 8314). */
@ParameterizedClass
@EnumSource(TlsProvider.class)
@Timeout(60)
class StartTlsConversationTest {

    private static final String RIGHTS = "always-allow-relaying: yes";

    @Parameter
    TlsProvider provider;
    @TempDir
    Path folder;

    private TestServer server(String... more) throws Exception {
        String[] directives = Arrays.copyOf(more, more.length + 1);
        directives[more.length] = TestTls.certificate(folder, "gw");
        return new TestServer(directives).provider(provider);
    }

    private static String subject(SSLSession session) throws Exception {
        return ((X509Certificate) session.getPeerCertificates()[0]).getSubjectX500Principal().getName();
    }

    @Test
    void mailIsTakenUnderTls() throws Exception {
        try (var server = server().rights(RIGHTS).start(); var t = server.client()) {
            SSLSession tls = t.startTls();
            assertThat(subject(tls)).isEqualTo("CN=gw.example.com");
            assertThat(t.ehlo()).contains("PIPELINING").doesNotContain("STARTTLS");
            t.send("Subject: x\r\n\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().text())
                    .matches("(?s)Received: from client\\.example \\(\\[127\\.0\\.0\\.1]\\)\r\n"
                            + "\tby mta\\.example with ESMTPS id [^ ]+\r\n\t\\(TLSv1\\.3\\) tls TLS_AES_[A-Z0-9_]+;\r\n"
                            + "\t[^\r]+\r\nSubject: x.*");
            t.quit();
        }
    }

    @Test
    void largeMessagesAndManyOfThem() throws Exception {
        try (var server = server().inlineLimitBytes(10_000).start(); var t = server.client()) {
            t.startTls();
            t.ehlo();
            String body = ("x".repeat(70) + "\r\n").repeat(20_000);
            for (int i = 0; i < 5; i++) {
                t.send("Subject: x\r\n\r\n" + body);
                t.expect("250 2.6.0 queued");
                assertThat(server.taken().message().content().sizeBytes()).isEqualTo(14 + body.length());
            }
            t.quit();
        }
    }

    @Test
    void olderVersionAndItsName() throws Exception {
        try (var server = server().rights(RIGHTS + ", process-x-virtual-mta: no").start(); var t = server.client()) {
            t.ask("STARTTLS", "220 2.0.0 Ready to start TLS");
            assertThat(t.handshake("TLSv1.2").getProtocol()).isEqualTo("TLSv1.2");
            t.ask("HELO client.example", "250 mta.example");
            t.send("Subject: x\r\n\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().text()).contains("\tby mta.example with SMTP id ",
                    "\t(TLSv1.2) tls TLS_ECDHE_ECDSA_WITH_");
        }
    }

    @Test
    void onlyTheVersionsThatAreAllowed() throws Exception {
        try (var server = server("smtp-server-tls-allow-tlsv1.2: no").start(); var t = server.client()) {
            t.ask("STARTTLS", "220 2.0.0 Ready to start TLS");
            assertThatThrownBy(() -> t.handshake("TLSv1.2")).isInstanceOf(SSLException.class);
        }
        try (var server = server("smtp-server-tls-allow-tlsv1.3: no",
                "smtp-server-tls-ciphers: ECDHE-ECDSA-AES256-GCM-SHA384").start(); var t = server.client()) {
            SSLSession tls = t.startTls();
            assertThat(tls.getProtocol()).isEqualTo("TLSv1.2");
            assertThat(tls.getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        }
    }

    @Test
    void nothingThatWasSaidBeforeCounts() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.envelope();
            t.startTls();
            t.ask("DATA", "503 5.5.1 EHLO or HELO first");
            t.ask("MAIL FROM:<c@example.com>", "503 5.5.1 EHLO or HELO first");
            t.ehlo();
            t.ask("RCPT TO:<b@dest.example>", "503 5.5.1 MAIL first");
            t.ask("STARTTLS", "503 5.5.1 TLS is spoken already");
            t.ask("MAIL FROM:<c@example.com>", "250 2.1.0 Sender OK");
            t.ask("DATA", "554 5.5.1 No valid recipients");
            t.quit();
        }
        try (var server = server().start(); var t = server.connect()) {
            t.hello();
            t.envelope();
            t.startTls();
            t.ehlo();
            t.send("Subject: y\r\n\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().message().recipients()).hasSize(1);
        }
    }

    @Test
    void commandHasItsPlace() throws Exception {
        try (var server = server().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            t.ask("STARTTLS", "503 5.5.1 EHLO first");
            t.ask("HELO client.example", "250 mta.example");
            t.ask("STARTTLS", "503 5.5.1 EHLO first");
            assertThat(t.ehlo()).contains("STARTTLS");
            t.ask("STARTTLS now", "501 5.5.4 Command takes no argument");
            t.ask("STARTTLSX", "500 5.5.1 Command not recognized");
            t.envelope();
            t.raw("BDAT 3\r\nabc");
            t.expect("250 2.0.0 Chunk received");
            t.ask("STARTTLS", "503 5.5.1 BDAT begun: only BDAT or RSET");
            t.ask("RSET", "250 2.0.0 OK");
            t.say("starttls  ");
            t.expect("220 2.0.0 Ready to start TLS");
            t.handshake();
            t.ehlo();
            t.quit();
        }
    }

    @Test
    void withoutCertificateOrRightItIsNoCommand() throws Exception {
        try (var server = new TestServer().start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            assertThat(t.ehlo()).doesNotContain("STARTTLS");
            t.ask("STARTTLS", "500 5.5.1 Command not recognized");
        }
        try (var server = server().rights(RIGHTS + ", allow-starttls: no").start(); var t = server.connect()) {
            t.expect("220 mta.example ESMTP");
            assertThat(t.ehlo()).doesNotContain("STARTTLS");
            t.ask("STARTTLS", "500 5.5.1 Command not recognized");
        }
    }

    @Test
    void commandsInFrontOfItAreAnswered() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.say("MAIL FROM:<a@example.com>", "RSET", "NOOP", "STARTTLS");
            t.expect("250 2.1.0 Sender OK", "250 2.0.0 OK", "250 2.0.0 OK", "220 2.0.0 Ready to start TLS");
            t.handshake();
            t.ehlo();
            t.quit();
        }
    }

    @Test
    void behindAMessageThatWaitsItIsStillTheLastOne() throws Exception {
        try (var server = server().answer(Submissions.BY_THE_TEST).start(); var t = server.client()) {
            t.data();
            t.raw("Subject: x\r\n\r\n.\r\nSTARTTLS\r\n");
            server.taken().answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued", "220 2.0.0 Ready to start TLS");
            t.handshake();
            t.ehlo();
            t.data();
            t.raw("Subject: y\r\n\r\n.\r\n");
            server.taken().answer(Submissions.QUEUED);
            t.expect("250 2.6.0 queued");
        }
    }

    @Test
    void tlsFromTheFirstByte() throws Exception {
        try (var server = server().rights(RIGHTS).immediateTls().start(); var t = server.connect()) {
            assertThat(subject(t.handshake())).isEqualTo("CN=gw.example.com");
            t.expect("220 mta.example ESMTP");
            assertThat(t.ehlo()).doesNotContain("STARTTLS");
            t.send("Subject: x\r\n\r\n");
            t.expect("250 2.6.0 queued");
            assertThat(server.taken().text()).contains(" with ESMTPS id ", ") tls TLS_");
            t.quit();
        }
    }

    @Test
    void plainSmtpIsNotAnsweredThere() throws Exception {
        try (var server = server().immediateTls().start(); var t = server.connect()) {
            t.say("EHLO client.example", "MAIL FROM:<a@example.com>");
            assertThatThrownBy(() -> {
                String line = t.line();
                assertThat(line).doesNotContain("250", "220");
            }).isInstanceOf(IOException.class);
            assertThat(server.events()).contains("no TLS");
        }
    }

    @Test
    void clientThatSpeaksBeforeTheGreetingIsTurnedAwayUnderTlsToo() throws Exception {
        try (var server = server().immediateTls().start(); var t = server.connect()) {
            t.handshake("TLSv1.2");
            t.expect("220 mta.example ESMTP");
            t.ask("NOOP", "250 2.0.0 OK");
        }
    }

    @Test
    void connectionLimitCountsHandshakes() throws Exception {
        try (var server = server("total-max-smtp-in: 1").immediateTls().start(); var silent = server.connect()) {
            TestServer.eventually("counted", () -> server.context().openConnections() == 1);
            try (var second = server.connect()) {
                second.handshake();
                second.expect("421 4.3.2 Too many connections, try again later");
                second.expectEnd();
            }
            silent.leave();
            TestServer.eventually("free again", () -> server.context().openConnections() == 0);
            try (var third = server.connect()) {
                third.handshake();
                third.expect("220 mta.example ESMTP");
            }
        }
    }

    @Test
    void handshakeThatNeverEndsIsCutOff() throws Exception {
        try (var server = server("smtp-command-timeout: 1s").start(); var t = server.client()) {
            t.ask("STARTTLS", "220 2.0.0 Ready to start TLS");
            t.raw("\u0016\u0003\u0001\u0002\u0000\u0001\u0000");
            TestServer.eventually("cut off", () -> server.context().openConnections() == 0);
            assertThat(server.events()).contains("no TLS").doesNotContain("submitted 1");
        }
        try (var server = server("smtp-command-timeout: 1s").immediateTls().start(); var t = server.connect()) {
            t.raw("\u0016");
            TestServer.eventually("cut off", () -> server.context().openConnections() == 0);
        }
    }

    @Test
    void othersAreServedMeanwhile() throws Exception {
        try (var server = server().start(); var slow = server.client(); var other = server.client()) {
            slow.ask("STARTTLS", "220 2.0.0 Ready to start TLS");
            slow.raw("\u0016\u0003\u0001");
            other.startTls();
            other.ehlo();
            other.quit();
        }
    }

    @Test
    void clientThatGivesUpAfterTheGoAheadIsForgotten() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.ask("STARTTLS", "220 2.0.0 Ready to start TLS");
            t.leave();
            TestServer.eventually("gone", () -> server.context().openConnections() == 0);
        }
    }

    @Test
    void newCertificateIsForNewConnections() throws Exception {
        try (var server = server().start(); var old = server.client(); var between = server.client()) {
            assertThat(subject(old.startTls())).isEqualTo("CN=gw.example.com");
            old.ehlo();
            old.data();
            server.reload(RIGHTS, TestTls.certificate(folder, "other"));
            assertThat(subject(between.startTls())).isEqualTo("CN=other.example.com");
            old.raw("Subject: x\r\n\r\n.\r\n");
            old.expect("250 2.6.0 queued");
            old.send("Subject: y\r\n\r\n");
            old.expect("250 2.6.0 queued");
            old.quit();
            try (var t = server.client()) {
                assertThat(subject(t.startTls())).isEqualTo("CN=other.example.com");
            }
        }
    }

    @Test
    void shutdownIsSaidUnderTls() throws Exception {
        try (var server = server().start(); var t = server.client()) {
            t.startTls();
            t.ehlo();
            server.context().drain();
            t.expect("421 4.3.2 Service shutting down, try again later");
            t.expectEnd();
        }
    }

    @Test
    void tooManyErrorsEndItUnderTls() throws Exception {
        try (var server = server("max-errors-per-session: 1").start(); var t = server.client()) {
            t.ask("NONSENSE", "500 5.5.1 Command not recognized");
            t.startTls();
            t.ask("NONSENSE", "421 4.7.0 Too many errors");
            assertThatThrownBy(t::line).isInstanceOf(EOFException.class);
        }
    }
}
