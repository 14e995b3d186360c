package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.TextMessage;

/** Letters under TLS; each listener speaks its own protocols and no others. */
@Timeout(60)
class LetterTlsTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void lettersUnderTls() throws Exception {
        TlsFiles files = TlsFiles.make(home, "gw", "gw.test");
        try (Mx mx = new Mx("127.50.3.2"); LocalGateway gateway = LocalGateway.start(home, """
                host-name: gw.test
                smtp-listener: [ "127.50.3.1:0" ]
                %s
                broker:
                  listener: [ "127.50.3.1:0 tls=yes protocols=jms", "127.50.3.3:0 protocols=amqp tls=yes" ]
                  user: { shop: { password: pass1234, source: shop } }
                source: { shop: { always-allow-relaying: yes } }
                domain: { "*": { smtp-hosts: [ "%s" ] } }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(files.directive(), mx.hop()))) {
            String jms = "127.50.3.1:" + gateway.gateway().brokerClients().addresses().get(0).getPort();
            String amqp = "127.50.3.3:" + gateway.gateway().brokerClients().addresses().get(1).getPort();
            send(new ActiveMQConnectionFactory("tcp://" + jms + "?sslEnabled=true&trustAll=true&verifyHost=false"),
                    "jms@to.test");
            send(new JmsConnectionFactory("amqps://" + amqp + "?transport.trustAll=true&transport.verifyHost=false"),
                    "amqp@to.test");
            mx.awaitMail("jms@to.test");
            mx.awaitMail("amqp@to.test");
            for (ConnectionFactory wrong : new ConnectionFactory[] {
                    new ActiveMQConnectionFactory("tcp://" + jms + "?callTimeout=2000"),
                    new JmsConnectionFactory("amqp://" + amqp + "?jms.connectTimeout=2000"),
                    new ActiveMQConnectionFactory(
                            "tcp://" + amqp + "?sslEnabled=true&trustAll=true&verifyHost=false&callTimeout=2000") })
                assertThatThrownBy(() -> send(wrong, "none@to.test")).isInstanceOf(JMSRuntimeException.class);
            gateway.assertConserved(mx);
        }
    }

    private static void send(ConnectionFactory gateway, String recipient) throws Exception {
        try (JMSContext jms = gateway.createContext("shop", "pass1234")) {
            TextMessage letter = jms.createTextMessage("Subject: x\n\nbody\n");
            letter.setStringProperty("sender", "a@from.test");
            letter.setStringProperty("recipients", recipient);
            jms.createProducer().send(jms.createQueue("caravan.submit"), letter);
        }
    }
}
