import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;

import jakarta.jms.CompletionListener;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;

/** Arguments: URL, id of the run, letters, bytes of each, connections, sends under way on each (1: each waits for its sync). */
public final class LettersBench {

    public static void main(String[] args) throws Exception {
        int letters = Integer.parseInt(args[2]);
        String body = ("x".repeat(70) + "\r\n").repeat(Integer.parseInt(args[3]) / 72);
        int connections = Integer.parseInt(args[4]);
        int underWay = Integer.parseInt(args[5]);
        AtomicInteger next = new AtomicInteger();
        AtomicLong failed = new AtomicLong();
        long begin = System.currentTimeMillis() * 1_000_000;
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int c = 0; c < connections; c++)
                threads.submit(() -> {
                    try (JMSContext jms = clients(args[0]).createContext("bench", "bench1234")) {
                        send(jms, args[1], body, letters, next, underWay, failed);
                    } catch (Exception e) {
                        failed.incrementAndGet();
                        e.printStackTrace();
                    }
                });
        }
        System.out.printf("start_ns=%d failed=%d%n", begin, failed.get());
        System.exit(failed.get() == 0 ? 0 : 1);
    }

    private static ConnectionFactory clients(String url) {
        return url.startsWith("amqp") ? new JmsConnectionFactory(url)
                : new ActiveMQConnectionFactory(url + "?confirmationWindowSize=1000000");
    }

    private static void send(JMSContext jms, String run, String body, int letters, AtomicInteger next, int underWay,
            AtomicLong failed) throws Exception {
        Queue submit = jms.createQueue("caravan.submit");
        Semaphore room = new Semaphore(underWay);
        JMSProducer producer = jms.createProducer();
        if (underWay > 1)
            producer.setAsync(new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    room.release();
                }

                @Override
                public void onException(Message message, Exception e) {
                    failed.incrementAndGet();
                    room.release();
                }
            });
        for (int i; (i = next.getAndIncrement()) < letters;) {
            TextMessage letter = jms.createTextMessage("From: a@bench.test\r\nSubject: letter\r\nX-Bench: " + run + " " + i
                    + " " + System.currentTimeMillis() * 1_000_000 + " " + body.length() + "\r\n\r\n" + body);
            letter.setStringProperty("sender", "a@bench.test");
            letter.setStringProperty("recipients", "u" + i + "@d0.bench.test");
            if (underWay > 1)
                room.acquire();
            producer.send(submit, letter);
        }
        if (!room.tryAcquire(underWay, 60, TimeUnit.SECONDS))
            failed.incrementAndGet();
    }
}
