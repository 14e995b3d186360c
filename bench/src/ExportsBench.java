import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

import org.caravanmta.accounting.AccountingCodec;
import org.caravanmta.accounting.AccountingExporter;
import org.caravanmta.accounting.AccountingRecord;
import org.caravanmta.artemis.ArtemisMessageStore;
import org.caravanmta.artemis.BrokerOptions;
import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.accounting.Webhook;

import com.sun.net.httpserver.HttpServer;

/** Arguments: a folder, records for each export, fewest records per second. */
public final class ExportsBench {

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        int records = Integer.parseInt(args[1]);
        double atLeast = Double.parseDouble(args[2]);
        AtomicLong posted = new AtomicLong();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.77.0.9", 0), 0);
        server.createContext("/", x -> {
            posted.addAndGet(Long.parseLong(x.getRequestHeaders().getFirst("X-Caravan-Records")));
            x.getRequestBody().readAllBytes();
            x.sendResponseHeaders(204, -1);
            x.close();
        });
        server.start();
        AcctFile csv = AcctFile.of("acct.csv", RecordType.D);
        Webhook hook = new Webhook(URI.create("http://127.77.0.9:" + server.getAddress().getPort() + "/"), null,
                Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        List<AcctFile> files = List.of(AcctFile.of("warm.csv", RecordType.D), csv, AcctFile.of("acct.xml", RecordType.D),
                AcctFile.of("acct.json", RecordType.D), AcctFile.of("|/bin/cat", RecordType.D),
                new AcctFile("hook", AcctFormat.JSON, csv.records(), csv.fields(), null, true, true, csv.filter(),
                        csv.privacy(), new AcctFile.Rotation(null, Duration.ofDays(1), 5 << 20, null, false, true, null),
                        csv.pipe(), hook));
        boolean kept = true;
        try (ArtemisMessageStore store = ArtemisMessageStore.open(home,
                new BrokerSettings(Duration.ofNanos(500_000), 256 << 20, 0, List.of(), Map.of()), BrokerOptions.defaults())) {
            for (AcctFile f : files)
                store.events().open(AccountingExporter.readerName(f)).close();
            Semaphore underWay = new Semaphore(64);
            for (int i = 0; i < records; i += 50) {
                List<byte[]> events = new ArrayList<>();
                for (int j = i; j < Math.min(records, i + 50); j++)
                    events.add(AccountingCodec.encode(List.of(record(j))));
                underWay.acquire();
                store.enqueue(List.of(), events, failure -> underWay.release());
            }
            underWay.acquire(64);
            for (AcctFile f : files) {
                long begin = System.nanoTime();
                AccountingExporter e = new AccountingExporter(store.events(), f, home, ZoneId.systemDefault());
                e.start();
                while (e.written() < records && System.nanoTime() - begin < 120_000_000_000L)
                    Thread.sleep(2);
                double seconds = (System.nanoTime() - begin) / 1e9;
                e.close();
                long left = store.events().waitingBytes(AccountingExporter.readerName(f));
                boolean good = e.written() == records && left == 0
                        && (seconds * atLeast <= records || f.path().startsWith("warm"));
                kept &= good;
                System.out.printf("%-10s %,9.0f records/s%s%n", f.path(), e.written() / seconds,
                        good ? "" : " - NOT KEPT: " + e.written() + " written, " + left + " bytes left");
            }
        }
        server.stop(0);
        for (String name : List.of("acct.csv", "acct.xml", "acct.json"))
            System.out.printf("%-10s %,9d bytes%n", name, Files.size(home.resolve(name)));
        System.exit(kept && posted.get() == records ? 0 : 1);
    }

    private static AccountingRecord record(int i) {
        long now = System.currentTimeMillis();
        return new AccountingRecord('d', now, now - 3000, "bounce+" + i + "@news.example.com",
                "recipient" + i + "@example.net", null, "relayed", "2.0.0 (success)", "smtp;250 2.0.0 Ok: queued as " + i,
                "mx1.example.net (192.0.2.1)", "", "smtp", "client.example.com (10.0.0.1)", "smtp", "192.0.2.7",
                "192.0.2.1", "PIPELINING,SIZE,8BITMIME,ENHANCEDSTATUSCODES", 2048, "news", "job-" + i / 1000, null,
                "example.net/news", null);
    }
}
