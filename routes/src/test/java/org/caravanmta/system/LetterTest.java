package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.caravanmta.queue.QueueNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;

/** Mail handed in by clients of the broker: JMS over the broker's own protocol and over AMQP, and STOMP. */
@Timeout(120)
class LetterTest {

    private static final String MAIL = "Subject: hello\n\nhello\n";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;
    private Mx mx;
    private LocalGateway gateway;

    @BeforeEach
    void start() throws Exception {
        mx = new Mx("127.50.0.2");
        gateway = LocalGateway.operated(home, yaml("right"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        mx.close();
    }

    private String yaml(String password) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.50.0.1:0" ]
                max-message-size: 1M
                broker:
                  listener: [ "127.50.0.1:0" ]
                  user:
                    shop: { password: "%s", source: shop }
                    poor: { password: "poor", source: poor }
                source:
                  127.0.0.0/8: { always-allow-relaying: yes }
                  shop: { always-allow-relaying: yes, allowed-virtual-mtas: [ "{default}", other ] }
                  poor: { smtp-service: yes }
                virtual-mta:
                  other: { smtp-source-host: [ "127.50.1.1 other.gw.test" ] }
                  others: { smtp-source-host: [ "127.50.1.2 others.gw.test" ] }
                domain: { "*": { smtp-hosts: [ "%s" ] } }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(password, mx.hop());
    }

    private InetSocketAddress door() {
        return gateway.gateway().brokerClients().addresses().getFirst();
    }

    private ConnectionFactory clients(String protocol) {
        String at = door().getAddress().getHostAddress() + ":" + door().getPort();
        return protocol.equals("jms") ? new ActiveMQConnectionFactory("tcp://" + at + "?callTimeout=20000")
                : new JmsConnectionFactory("amqp://" + at);
    }

    private JMSContext login(String protocol, String user, String password) {
        return clients(protocol).createContext(user, password);
    }

    private static <M extends Message> M addressed(M message, String... recipients) throws JMSException {
        message.setStringProperty("sender", "orders@shop.test");
        message.setStringProperty("recipients", String.join(",", recipients));
        return message;
    }

    /** Sends it and waits for the answer. */
    private static String answer(JMSContext jms, Message letter) throws JMSException {
        Destination answers = jms.createTemporaryQueue();
        letter.setJMSReplyTo(answers);
        jms.createProducer().send(jms.createQueue("caravan.submit"), letter);
        Message answer = jms.createConsumer(answers).receive(20_000);
        assertThat(answer).as("an answer").isNotNull();
        assertThat(answer.getJMSCorrelationID()).isEqualTo(letter.getJMSMessageID());
        return ((TextMessage) answer).getText();
    }

    private List<String> parked() {
        List<String> reasons = new java.util.ArrayList<>();
        gateway.gateway().store().browse(QueueNames.PARKED, (message, reason) -> reasons.add(reason));
        return reasons;
    }

    @ParameterizedTest
    @ValueSource(strings = { "jms", "amqp" })
    void textAndBytesAreDeliveredAndAnswered(String protocol) throws Exception {
        try (JMSContext jms = login(protocol, "shop", "right")) {
            TextMessage text = addressed(jms.createTextMessage(MAIL), "a@to.test");
            text.setStringProperty("virtualMta", "other");
            text.setStringProperty("job", "spring");
            assertThat(answer(jms, text)).contains("\"reply\":\"250 2.6.0 ").contains("\"accepted\":1");
            BytesMessage bytes = addressed(jms.createBytesMessage(), "b@to.test", "nonsense", "\"c,d\"@to.test");
            bytes.writeBytes((MAIL + "x".repeat(500) + "\n").repeat(700).getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(jms, bytes)).contains("\"accepted\":2")
                    .contains("{\"recipient\":\"nonsense\",\"reply\":\"501 5.1.3 Bad recipient address syntax\"}");
        }
        assertThat(mx.awaitMail("a@to.test").client()).isEqualTo("127.50.1.1");
        assertThat(mx.awaitMail("b@to.test").text()).contains("hello").hasSizeGreaterThan(350_000);
        mx.awaitMail("\"c,d\"@to.test");
        assertThat(gateway.records("a@to.test").getFirst().rcpt()).isEqualTo("a@to.test");
        assertThat(parked()).isEmpty();
        gateway.assertConserved(mx);
    }

    @Test
    void stompHandsInAndIsAnswered() throws Exception {
        try (StompClient stomp = new StompClient(door())) {
            stomp.say("CONNECT", "accept-version:1.2\nhost:gw\nlogin:shop\npasscode:right\n", "");
            assertThat(stomp.hear()).startsWith("CONNECTED");
            stomp.say("SUBSCRIBE", "id:1\ndestination:caravan.reply.shop.1\nack:auto\n", "");
            stomp.say("SEND", "destination:caravan.submit\nsender:s@shop.test\nrecipients:stomp@to.test\n"
                    + "reply-to:caravan.reply.shop.1\ncorrelation-id:42\n", MAIL);
            assertThat(stomp.hear()).startsWith("MESSAGE").contains("correlation-id:42").contains("\"accepted\":1");
        }
        mx.awaitMail("stomp@to.test");
        gateway.assertConserved(mx);
    }

    @Test
    void whatIsNoLetterIsParkedWithAReason() throws Exception {
        try (JMSContext jms = login("jms", "shop", "right")) {
            assertThat(answer(jms, addressed(jms.createObjectMessage((Serializable) List.of("x")), "a@to.test")))
                    .contains("550 5.6.1 Neither a bytes message nor a text message");
            assertThat(answer(jms, jms.createTextMessage(MAIL))).contains("554 5.5.1 No recipients");
            assertThat(answer(jms,
                    addressed(jms.createTextMessage((MAIL + "x".repeat(500) + "\n").repeat(5000)), "big@to.test")))
                    .contains("552 5.3.4");
            TextMessage elsewhere = addressed(jms.createTextMessage(MAIL), "a@to.test");
            elsewhere.setStringProperty("virtualMta", "others");
            assertThat(answer(jms, elsewhere)).contains("550 5.7.1 VirtualMTA not allowed for this source: others");
            jms.createProducer().send(jms.createQueue("caravan.submit"),
                    addressed(jms.createTextMessage(MAIL), "kept@to.test", "not an address"));
        }
        mx.awaitMail("kept@to.test");
        await("parked").atMost(Mx.LIMIT).until(() -> parked().size() == 5);
        assertThat(parked()).anyMatch(r -> r.contains("not an address"))
                .anyMatch(r -> r.startsWith("552 5.3.4")).anyMatch(r -> r.contains("No recipients"));
        assertThat(mx.recipients()).containsExactly("kept@to.test");
        gateway.assertConserved(mx);
    }

    @Test
    void theSameSubmissionIsTakenOnce() throws Exception {
        try (JMSContext jms = login("jms", "shop", "right")) {
            for (int i = 0; i < 3; i++) {
                TextMessage again = addressed(jms.createTextMessage(MAIL), "once@to.test");
                again.setStringProperty("submissionId", "order 7");
                assertThat(answer(jms, again)).contains("\"accepted\":1");
            }
        }
        mx.awaitMail("once@to.test");
        assertThat(gateway.records("once@to.test")).hasSize(1);
        gateway.assertConserved(mx);
    }

    @ParameterizedTest
    @ValueSource(strings = { "jms", "amqp" })
    void onlyLettersAndTheirAnswersAreWithinReach(String protocol) throws Exception {
        for (String password : new String[] { "wrong", "" })
            assertThatThrownBy(() -> login(protocol, "shop", password).createTextMessage())
                    .isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> clients(protocol).createContext().createTextMessage())
                .isInstanceOf(JMSRuntimeException.class);
        try (JMSContext jms = login(protocol, "shop", "right")) {
            for (String queue : new String[] { "vmta.%7bdefault%7d", "vmta.other", "parked", "events",
                    "activemq.management", "anything", "caravan.reply.poor.1" })
                assertThatThrownBy(() -> jms.createProducer().send(jms.createQueue(queue), MAIL)).as(queue)
                        .isInstanceOf(JMSRuntimeException.class);
            for (String queue : new String[] { "caravan.submit", "parked", "vmta.other", "caravan.reply.poor.1" })
                assertThatThrownBy(() -> jms.createConsumer(jms.createQueue(queue)).receive(2_000)).as(queue)
                        .isInstanceOf(JMSRuntimeException.class);
        }
        try (JMSContext jms = login(protocol, "poor", "poor")) {
            TextMessage forged = addressed(jms.createTextMessage(MAIL), "a@to.test");
            if (protocol.equals("jms"))
                forged.setStringProperty("_CARAVAN_USER", "shop");
            assertThat(answer(jms, forged)).contains("550 5.7.1 Relaying denied");
        }
        assertThat(mx.recipients()).isEmpty();
        gateway.assertConserved(mx);
    }

    @Test
    void answersGoNowhereElse() throws Exception {
        try (JMSContext jms = login("jms", "shop", "right")) {
            TextMessage letter = addressed(jms.createTextMessage(MAIL), "a@to.test");
            letter.setJMSReplyTo(jms.createQueue("vmta.other"));
            jms.createProducer().send(jms.createQueue("caravan.submit"), letter);
        }
        mx.awaitMail("a@to.test");
        assertThat(gateway.recordsWhenDone()).hasSize(1);
        assertThat(gateway.gateway().store().count("vmta.other")).isZero();
        assertThat(parked()).isEmpty();
    }

    @Test
    void passwordsChangeWithAReload() throws Exception {
        login("jms", "shop", "right").close();
        gateway.write(yaml("other"));
        Cli.done(home, "reload");
        assertThatThrownBy(() -> login("jms", "shop", "right")).isInstanceOf(JMSRuntimeException.class);
        login("jms", "shop", "other").close();
    }

    @Test
    void lettersWaitThroughARestart() throws Exception {
        gateway.close();
        gateway = LocalGateway.operated(home, yaml("right"));
        try (JMSContext jms = login("jms", "shop", "right")) {
            for (int i = 0; i < 50; i++)
                jms.createProducer().send(jms.createQueue("caravan.submit"),
                        addressed(jms.createTextMessage(MAIL), "r" + i + "@to.test"));
        }
        gateway.close();
        gateway = LocalGateway.operated(home, yaml("right"));
        for (int i = 0; i < 50; i++)
            mx.awaitMail("r" + i + "@to.test");
        await("no letter").atMost(Mx.LIMIT).until(() -> gateway.gateway().brokerClients().letters().waiting() == 0);
        assertThat(mx.recipients()).hasSize(50);
    }
}
