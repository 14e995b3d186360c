package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.TextMessage;

/** {@code kill -9} while letters come in: each mail is queued once, also what a client sends again. */
@Timeout(180)
class LetterCrashTest {

    private static final int KILLS = 2;
    private static final int LETTERS = 600;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void everyLetterIsTakenOnce() throws Exception {
        Path home = folder.resolve("home");
        try (Mx mx = new Mx("127.50.2.2")) {
            int port = freePort();
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.50.2.1:0" ]
                    broker: { listener: [ "127.50.2.1:%d" ], user: { shop: { password: pass1234, source: shop } } }
                    source: { shop: { always-allow-relaying: yes } }
                    domain: { "*": { smtp-hosts: [ "%s" ] } }
                    acct-file:
                      - { path: acct.csv, records: [ d, b ] }
                      - { path: received.csv, records: [ r ] }
                    """.formatted(port, mx.hop()));
            Thread sender = Thread.ofVirtual().start(() -> sendAll("tcp://127.50.2.1:" + port));
            for (int k = 1; k <= KILLS; k++)
                try (GatewayProcess gateway = GatewayProcess.run(config, home)) {
                    gateway.awaitReady();
                    int enough = k * LETTERS / (KILLS + 1);
                    await("some letters").atMost(Mx.LIMIT).pollInterval(Duration.ofMillis(2))
                            .until(() -> sent.get() >= enough);
                    gateway.kill();
                }
            try (GatewayProcess last = GatewayProcess.run(config, home)) {
                last.awaitReady();
                assertThat(sender.join(Mx.LIMIT)).as("all sent").isTrue();
                await("all mail").atMost(Mx.LIMIT)
                        .until(() -> mx.recipients().stream().distinct().count() == LETTERS);
                assertThat(last.stop()).as(last.text()).isZero();
            }
            List<String> all = IntStream.range(0, LETTERS).mapToObj(i -> "r" + i + "@to.test").toList();
            assertThat(rcpts(home.resolve("received.csv"))).containsExactlyInAnyOrderElementsOf(all);
            assertThat(rcpts(home.resolve("acct.csv"))).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    /** As a careful client: what it does not know to have arrived it sends again, under the same id. */
    private void sendAll(String url) {
        while (sent.get() < LETTERS)
            try (ActiveMQConnectionFactory gateway = new ActiveMQConnectionFactory(url + "?callTimeout=5000");
                    JMSContext jms = gateway.createContext("shop", "pass1234")) {
                while (sent.get() < LETTERS) {
                    TextMessage letter = jms.createTextMessage("Subject: x\n\nbody\n");
                    letter.setStringProperty("sender", "a@from.test");
                    letter.setStringProperty("recipients", "r" + sent.get() + "@to.test");
                    letter.setStringProperty("submissionId", "letter" + sent.get());
                    jms.createProducer().send(jms.createQueue("caravan.submit"), letter);
                    sent.incrementAndGet();
                }
            } catch (JMSRuntimeException | JMSException _) {
                pause();
            }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.50.2.1"))) {
            return socket.getLocalPort();
        }
    }

    private static List<String> rcpts(Path csv) throws Exception {
        List<String> lines = Files.readAllLines(csv);
        int column = List.of(lines.getFirst().split(",")).indexOf("rcpt");
        return lines.stream().skip(1).map(l -> l.split(",", -1)[column]).toList();
    }
}
