package org.caravanmta.operate;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

import org.caravanmta.disk.SyncedFile;
import org.caravanmta.operate.Order.Kind;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueuePattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders that are not carried out yet, one file each, so that a crash forgets none. */
final class OrderBook {

    private static final Logger LOG = LoggerFactory.getLogger(OrderBook.class);
    private static final String ENDING = ".order";

    private final Path folder;

    OrderBook(Path folder) {
        this.folder = folder;
    }

    /** By number. A file that cannot be read is left where it is, with an alarm. */
    List<Order> read() throws IOException {
        List<Order> orders = new ArrayList<>();
        if (!Files.isDirectory(folder))
            return orders;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).sorted().toList())
                try {
                    orders.add(order(file));
                } catch (IOException | IllegalArgumentException e) {
                    LOG.error("ALARM: the order in {} cannot be read and is not carried out: {}", file, e.toString());
                }
        }
        return orders;
    }

    void write(Order order) throws IOException {
        Properties p = new Properties();
        p.setProperty("kind", order.kind().name());
        MessageSelection s = order.selection();
        p.setProperty("queues", s.queues().toString());
        p.setProperty("older-than-ms", Long.toString(s.olderThanMs()));
        put(p, "to", order.to());
        put(p, "job", s.jobId());
        put(p, "rcpt", s.rcpt());
        put(p, "orig", s.orig());
        put(p, "env-id", s.envId());
        StringWriter text = new StringWriter();
        p.store(text, null);
        SyncedFile.write(file(order), text.toString(), StandardCharsets.UTF_8);
    }

    void remove(Order order) throws IOException {
        Files.deleteIfExists(file(order));
    }

    private Path file(Order order) {
        return folder.resolve(String.format("%018d%s", order.number(), ENDING));
    }

    private static void put(Properties p, String key, String value) {
        if (value != null)
            p.setProperty(key, value);
    }

    private static Order order(Path file) throws IOException {
        String name = file.getFileName().toString();
        Properties p = new Properties();
        try (Reader text = new StringReader(Files.readString(file))) {
            p.load(text);
        }
        String queues = p.getProperty("queues", "");
        Kind kind = Kind.valueOf(p.getProperty("kind", ""));
        if (kind == Kind.MOVE && p.getProperty("to") == null)
            throw new IOException("it does not say where to");
        String age = p.getProperty("older-than-ms", "");
        return new Order(Long.parseLong(name.substring(0, name.length() - ENDING.length())),
                kind,
                new MessageSelection(QueuePattern.parse(queues), p.getProperty("job"), p.getProperty("rcpt"),
                        p.getProperty("orig"), p.getProperty("env-id"), Long.parseLong(age)),
                p.getProperty("to"));
    }
}
