package org.caravanmta.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;

/**
 * A connection to a gateway. One thread at a time; a program that hands in from many threads opens one for each.
 *
 * <pre>
 * try (CaravanClient gateway = CaravanClient.connect("tcp://127.0.0.1:61616", "shop", password))
 *     gateway.submit(Mail.of("orders@shop.example", "b@dest.example", "Subject: your order\n\nIt is on its way.\n"));
 * </pre>
 */
public final class CaravanClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ActiveMQConnectionFactory factory;
    private final JMSContext jms;
    private final TemporaryQueue answers;
    private final JMSConsumer consumer;

    private CaravanClient(ActiveMQConnectionFactory factory, JMSContext jms) {
        this.factory = factory;
        this.jms = jms;
        this.answers = jms.createTemporaryQueue();
        this.consumer = jms.createConsumer(answers);
    }

    /**
     * @param url {@code tcp://HOST:PORT}, with {@code ?sslEnabled=true} behind it for a listener with TLS
     * @throws JMSRuntimeException nobody listens there, or the password is wrong
     */
    public static CaravanClient connect(String url, String user, String password) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
        try {
            return new CaravanClient(factory, factory.createContext(user, password));
        } catch (RuntimeException e) {
            factory.close();
            throw e;
        }
    }

    /**
     * Hands it in and waits until it is on the gateway's disk, or refused.
     *
     * @throws NoAnswerException there was none within a minute
     */
    public Receipt submit(Mail mail) throws NoAnswerException {
        return submit(mail, PATIENCE);
    }

    /** The same with another limit. */
    public Receipt submit(Mail mail, Duration patience) throws NoAnswerException {
        try {
            BytesMessage letter = letter(mail);
            jms.createProducer().send(jms.createQueue("caravan.submit"), letter);
            return receipt(answer(letter.getJMSMessageID(), patience));
        } catch (JMSException | JMSRuntimeException | IOException e) {
            throw new NoAnswerException("no answer: " + e.getMessage(), e);
        }
    }

    private BytesMessage letter(Mail mail) throws JMSException {
        BytesMessage letter = jms.createBytesMessage();
        letter.writeBytes(mail.content());
        letter.setJMSReplyTo(answers);
        put(letter, "recipients", String.join("\n", mail.recipients()));
        put(letter, "sender", mail.sender());
        put(letter, "virtualMta", mail.virtualMta());
        put(letter, "job", mail.job());
        put(letter, "envelopeId", mail.envelopeId());
        put(letter, "submissionId", mail.submissionId());
        return letter;
    }

    private static void put(Message letter, String name, String value) throws JMSException {
        if (value != null)
            letter.setStringProperty(name, value);
    }

    /** Answers to letters that were given up before are passed over. */
    private String answer(String id, Duration patience) throws JMSException, NoAnswerException {
        long until = System.nanoTime() + patience.toNanos();
        for (long left; (left = (until - System.nanoTime()) / 1_000_000) > 0;) {
            Message answer = consumer.receive(left);
            if (answer instanceof TextMessage text && id.equals(answer.getJMSCorrelationID()))
                return text.getText();
            if (answer == null)
                break;
        }
        throw new NoAnswerException("no answer within " + patience.toMillis() + " ms", null);
    }

    private static Receipt receipt(String json) throws IOException {
        JsonNode answer = JSON.readTree(json);
        List<Receipt.Rejected> rejected = new ArrayList<>();
        for (JsonNode r : answer.path("rejected"))
            rejected.add(new Receipt.Rejected(r.path("recipient").asText(), r.path("reply").asText()));
        return new Receipt(answer.path("reply").asText(), answer.path("accepted").asInt(), List.copyOf(rejected));
    }

    @Override
    public void close() {
        jms.close();
        factory.close();
    }
}
