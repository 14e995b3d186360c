package org.caravanmta.accounting;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

import org.caravanmta.accounting.FileSession.Pace;
import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.Webhook;
import org.caravanmta.queue.EventLog;

/**
 * Records as requests to a web server. A request is done when the server answers 2xx; any other answer, or none, makes
 * all its records come again, with the same record ids. Redirections are not followed.
 */
final class WebhookSession implements ExportSession {

    private static final int STEP = 500;

    private final AcctFile config;
    private final Webhook webhook;
    private final Path home;
    private final Pace pace;
    private final RecordStream stream;
    private final RecordFormat format;
    private final HttpClient client;
    private Checkpoint checkpoint;

    WebhookSession(EventLog.Reader events, Path home, AcctFile config, ZoneId zone, UnreadableEvents unreadable,
            Pace pace) throws IOException {
        this.config = config;
        this.webhook = config.webhook();
        this.home = home;
        this.pace = pace;
        this.checkpoint = StreamStart.of(events, pace.clockMs());
        this.stream = new RecordStream(events, config, unreadable, checkpoint.records());
        this.format = RecordFormat.of(config, zone, checkpoint.stream());
        this.client = HttpClient.newBuilder().connectTimeout(webhook.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER).version(HttpClient.Version.HTTP_1_1).build();
    }

    @Override
    public int move() throws IOException, InterruptedException {
        if (stream.read(format, STEP, pace.pollMs()) == 0)
            return -1;
        long until = System.nanoTime() + webhook.maxInterval().toNanos();
        while (format.size() < config.rotation().maxSizeBytes() && !pace.closing().getAsBoolean()
                && System.nanoTime() < until) {
            stream.read(format, STEP, pace.pollMs());
            format.flush();
        }
        int records = stream.taken();
        if (records > 0)
            post(format.take(), records);
        checkpoint = checkpoint.withRecords(stream.passed());
        stream.acknowledge(checkpoint);
        return records;
    }

    private void post(byte[] body, int records) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request(body, records),
                BodyHandlers.discarding());
        try {
            int status = answer.get(webhook.connectTimeout().plus(webhook.ioTimeout()).toMillis(),
                    TimeUnit.MILLISECONDS).statusCode();
            if (status / 100 != 2)
                throw new IOException("Error writing to \"" + webhook.url() + "\": the server answered " + status);
        } catch (TimeoutException e) {
            throw new IOException("Error writing to \"" + webhook.url() + "\": no answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException("Error writing to \"" + webhook.url() + "\": " + e.getCause(), e);
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(byte[] body, int records) throws IOException {
        HttpRequest.Builder b = HttpRequest.newBuilder(webhook.url()).timeout(webhook.ioTimeout())
                .header("Content-Type", config.format() == AcctFormat.JSON ? "application/x-ndjson"
                        : "text/csv; charset=utf-8; header=present")
                .header("User-Agent", "Caravan").header("X-Caravan-Records", Integer.toString(records));
        byte[] head = format.head();
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        if (webhook.gzip())
            b.header("Content-Encoding", "gzip");
        if (webhook.extraHeaders() != null)
            addHeaders(b);
        return b.POST(BodyPublishers.ofByteArray(webhook.gzip() ? gzip(all) : all)).build();
    }

    /** Read for each request, so that a new password needs no reload. */
    private void addHeaders(HttpRequest.Builder b) throws IOException {
        for (String line : Files.readAllLines(home.resolve(webhook.extraHeaders()))) {
            int colon = line.indexOf(':');
            if (line.isBlank() || line.startsWith("#"))
                continue;
            try {
                b.header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            } catch (RuntimeException e) {
                throw new IOException("http-webhook-extra-headers: a line is no header \"Name: value\"", e);
            }
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Override
    public long reachedMs() {
        return stream.reachedMs();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
