package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.caravanmta.client.CaravanClient;
import org.caravanmta.client.Mail;
import org.caravanmta.client.NoAnswerException;
import org.caravanmta.client.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import jakarta.jms.JMSRuntimeException;

/** The client library, and the programs in {@code examples/}, as users would run them. */
@Timeout(120)
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("../examples");
    private static final String MAIL = "Subject: hällo\n\nhello\n";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;
    private Mx mx;
    private LocalGateway gateway;

    @BeforeEach
    void start() throws Exception {
        mx = new Mx("127.50.4.2");
        gateway = LocalGateway.start(home, """
                host-name: gw.test
                smtp-listener: [ "127.50.4.1:0" ]
                broker: { listener: [ "127.50.4.1:0" ], user: { shop: { password: pass1234, source: shop } } }
                source: { shop: { always-allow-relaying: yes } }
                domain: { "*": { smtp-hosts: [ "%s" ] } }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(mx.hop()));
    }

    @AfterEach
    void stop() throws Exception {
        try {
            gateway.assertConserved(mx);
        } finally {
            gateway.close();
            mx.close();
        }
    }

    private String port() {
        return Integer.toString(gateway.gateway().brokerClients().addresses().getFirst().getPort());
    }

    private static String run(String password, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CARAVAN_PASSWORD", password);
        Process process = builder.start();
        process.getOutputStream().write(MAIL.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.onExit().join().exitValue() + " " + said;
    }

    @Test
    void java() throws Exception {
        try (CaravanClient client = CaravanClient.connect("tcp://127.50.4.1:" + port(), "shop", "pass1234")) {
            Mail mail = Mail.of("a@from.test", "java@to.test", MAIL).job("spring").envelopeId("e1")
                    .submissionId("1");
            for (int i = 0; i < 2; i++)
                assertThat(client.submit(mail).complete()).isTrue();
            Receipt partly = client.submit(new Mail(null, List.of("two@to.test", "nonsense"),
                    MAIL.getBytes(StandardCharsets.UTF_8), "{default}", null, null, null));
            assertThat(partly.accepted()).isEqualTo(1);
            assertThat(partly.rejected())
                    .containsExactly(new Receipt.Rejected("nonsense", "501 5.1.3 Bad recipient address syntax"));
            assertThatThrownBy(() -> client.submit(mail, Duration.ZERO)).isInstanceOf(NoAnswerException.class);
            assertThat(client.submit(mail).complete()).as("not the answer that was given up").isTrue();
        }
        assertThatThrownBy(() -> CaravanClient.connect("tcp://127.50.4.1:" + port(), "shop", "wrong"))
                .isInstanceOf(JMSRuntimeException.class);
        assertThat(mx.awaitMail("java@to.test").text().getBytes(StandardCharsets.ISO_8859_1)).asString()
                .contains("Subject: hällo");
        mx.awaitMail("two@to.test");
        assertThat(gateway.recordsWhenDone()).hasSize(2);
    }

    @Test
    void python() throws Exception {
        Programs.requireWorking("python3-qpid-proton", "/usr/bin/python3", "-c", "import proton");
        String[] submit = { EXAMPLES.resolve("submit.py").toString(), "127.50.4.1:" + port(),
                "shop", "a@from.test", "python@to.test,nonsense" };
        assertThat(run("pass1234", submit)).startsWith("0 250 2.6.0").contains("nonsense 501 5.1.3");
        assertThat(run("wrong", submit)).startsWith("1 ");
        assertThat(mx.awaitMail("python@to.test").text()).contains("hello");
    }

    @Test
    void perl() throws Exception {
        Path perl = Programs.require("perl");
        Programs.requireWorking("libnet-stomp-perl", perl.toString(), "-MNet::Stomp", "-e", "1");
        String[] submit = { perl.toString(), EXAMPLES.resolve("submit.pl").toString(), "127.50.4.1", port(), "shop",
                "a@from.test", "perl@to.test" };
        assertThat(run("pass1234", submit)).startsWith("0 ").contains("\"accepted\":1");
        assertThat(run("wrong", submit)).doesNotStartWith("0");
        assertThat(mx.awaitMail("perl@to.test").text()).contains("hello");
    }

    @Test
    void c() throws Exception {
        Path gcc = Programs.require("gcc");
        Path submit = home.resolve("submit");
        Programs.requireWorking("libqpid-proton11-dev", gcc.toString(), "-Wall", "-Werror", "-o", submit.toString(),
                EXAMPLES.resolve("submit.c").toString(), "-lqpid-proton");
        assertThat(run("pass1234", submit.toString(), "127.50.4.1", port(), "shop", "a@from.test", "c@to.test"))
                .isEqualTo("0 the broker has it\n");
        assertThat(run("wrong", submit.toString(), "127.50.4.1", port(), "shop", "a@from.test", "c@to.test"))
                .startsWith("1 ");
        assertThat(mx.awaitMail("c@to.test").text()).contains("hello");
    }
}
