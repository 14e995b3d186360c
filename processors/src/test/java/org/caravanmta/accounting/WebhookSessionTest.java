package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFile.Pipe;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.accounting.Webhook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpServer;

@Timeout(60)
class WebhookSessionTest {

    @TempDir
    Path home;

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final LogLines logged = new LogLines();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private AccountingExporter exporter;
    private volatile int status = 204;
    private volatile boolean hang;
    private volatile int requests;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", x -> {
            requests++;
            boolean gzip = "gzip".equals(x.getRequestHeaders().getFirst("Content-Encoding"));
            byte[] body;
            try (InputStream in = gzip ? new GZIPInputStream(x.getRequestBody()) : x.getRequestBody()) {
                body = in.readAllBytes();
            }
            if (hang)
                awaitEnd();
            if (status == 204) {
                lines.addAll(new String(body, StandardCharsets.UTF_8).lines().toList());
                tokens.add(String.valueOf(x.getRequestHeaders().getFirst("X-Token")));
            }
            x.sendResponseHeaders(status, -1);
            x.close();
        });
        server.start();
    }

    private void awaitEnd() {
        try {
            end.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        exporter.close();
        end.countDown();
        server.stop(0);
        logged.close();
    }

    private void start(boolean gzip) {
        AcctFile f = AcctFile.of("hook", RecordType.D);
        Webhook hook = new Webhook(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/in"), "headers",
                Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMillis(500), gzip);
        AcctFile file = new AcctFile(f.path(), AcctFormat.JSON, f.records(), f.fields(), null, true, true, f.filter(),
                f.privacy(), f.rotation(), new Pipe(Duration.ofMillis(50), Duration.ofMinutes(1)), hook);
        exporter = new AccountingExporter(log, file, home, ZoneOffset.UTC, AccountingFile.ON_DISK, 5);
        exporter.start();
    }

    private void publish(int from, int to) {
        for (int i = from; i < to; i++)
            log.publish(Records.event('d', "user" + i));
    }

    @Test
    void everyRecordIsPostedOnce() throws IOException {
        Files.writeString(home.resolve("headers"), "# secret\nX-Token: abc\n");
        start(true);
        publish(0, 1200);
        await().until(() -> log.waiting("acct-hook") == 0);
        assertThat(lines).hasSize(1200).doesNotHaveDuplicates();
        assertThat(lines.getFirst()).startsWith("{\"type\":\"d\"").contains("\"rcpt\":\"user0\"");
        assertThat(tokens).isNotEmpty().containsOnly("abc");
    }

    @Test
    void anErrorMakesThemWaitAndNothingIsMissing() throws IOException {
        Files.writeString(home.resolve("headers"), "");
        status = 500;
        start(false);
        publish(0, 10);
        await().until(() -> requests > 2);
        assertThat(exporter.trouble()).contains("the server answered 500");
        status = 204;
        publish(10, 20);
        await().until(() -> log.waiting("acct-hook") == 0);
        assertThat(lines).hasSize(20);
        assertThat(logged.with("ALARM")).hasSize(1).first().asString().contains("the server answered 500");
        assertThat(logged.with("can be written again")).hasSize(1);
    }

    @Test
    void aServerThatHangsDoesToo() throws IOException {
        Files.writeString(home.resolve("headers"), "");
        hang = true;
        start(false);
        publish(0, 10);
        await().until(() -> requests > 1);
        hang = false;
        await().until(() -> log.waiting("acct-hook") == 0);
        assertThat(lines).hasSize(10);
    }

    @Test
    void redirectionsAreNotFollowed() throws IOException {
        Files.writeString(home.resolve("headers"), "");
        status = 302;
        start(false);
        publish(0, 1);
        await().until(() -> exporter.trouble() != null);
        assertThat(exporter.trouble()).contains("302");
    }
}
