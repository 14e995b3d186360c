package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.control.ConfigFile;
import org.caravanmta.control.ControlServer;
import org.caravanmta.control.Requests;
import org.caravanmta.gateway.Conservation;
import org.caravanmta.gateway.Gateway;

/** A gateway in this JVM. Its configuration has to write d, b and t records to {@code acct.csv}. */
final class LocalGateway implements AutoCloseable {

    private final Gateway gateway;
    private final Path home;
    private ControlServer control;

    private LocalGateway(Gateway gateway, Path home) {
        this.gateway = gateway;
        this.home = home;
    }

    static LocalGateway start(Path home, String yaml) throws Exception {
        Path file = Files.writeString(home.resolve("caravan.yaml"), yaml);
        ConfigReader.Result config = ConfigReader.read(file);
        assertThat(config.problems()).isEmpty();
        LocalGateway started = new LocalGateway(new Gateway(config.config(), home), home);
        try {
            started.gateway.start();
            return started;
        } catch (Exception e) {
            started.close();
            throw e;
        }
    }

    /** The same, and commands reach it. */
    static LocalGateway operated(Path home, String yaml) throws Exception {
        LocalGateway started = start(home, yaml);
        Path file = home.resolve("caravan.yaml");
        started.control = ControlServer.start(home,
                new Requests(started.gateway, new ConfigFile(file, ConfigReader.read(file), started.gateway)));
        return started;
    }

    /** What {@code caravan reload} will read. */
    void write(String yaml) throws IOException {
        Files.writeString(home.resolve("caravan.yaml"), yaml);
    }

    InetSocketAddress listener() {
        return gateway.listeners().getFirst();
    }

    Gateway gateway() {
        return gateway;
    }

    /** One message from one client, taken with 250. */
    void take(String text, String... recipients) throws Exception {
        try (SmtpClient client = SmtpClient.connect(listener())) {
            assertThat(client.submit(text, recipients)).startsWith("250 2.6.0");
        }
    }

    /** All records so far, once nothing waits on the queues any more. */
    List<AcctCsv.Line> recordsWhenDone() throws Exception {
        await("empty queues").atMost(Mx.LIMIT).until(() -> gateway.conservation().queued() == 0);
        return records();
    }

    /** All records of the outcomes so far. */
    List<AcctCsv.Line> records() throws Exception {
        gateway.awaitAccounting();
        return AcctCsv.read(home.resolve("acct.csv"));
    }

    List<AcctCsv.Line> records(String recipient) throws Exception {
        return recordsWhenDone().stream().filter(r -> r.rcpt().equals(recipient)).toList();
    }

    /** The conservation check, by the gateway's own counts, its records and what the receivers took. */
    void assertConserved(Mx... receivers) throws Exception {
        List<AcctCsv.Line> records = records();
        Conservation c = gateway.conservation();
        assertThat(c.holds()).as(c.toString()).isTrue();
        assertThat(records.stream().filter(AcctCsv.Line::delivered)).hasSize(Math.toIntExact(c.delivered()));
        assertThat(records.stream().filter(AcctCsv.Line::failed))
                .hasSize(Math.toIntExact(c.bounced() + c.expired() + c.deleted()));
        Books.deliveredOnce(records, receivers);
    }

    @Override
    public void close() {
        try {
            if (control != null)
                control.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gateway.close();
    }
}
