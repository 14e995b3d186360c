package org.caravanmta.report;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads files, several at a time. What cannot be read is told to {@link BadLines}; it never ends a run. */
public final class ReportRun {

    private final RowFilter filter;
    private final BadLines bad = new BadLines();
    private final AtomicLong done = new AtomicLong();
    private final LongConsumer progress;

    /** @param progress is told how many bytes were read of {@link #bytes}; from any thread */
    public ReportRun(RowFilter filter, LongConsumer progress) {
        this.filter = filter;
        this.progress = progress;
    }

    public static long bytes(List<Input> inputs) {
        return inputs.stream().mapToLong(Input::bytes).sum();
    }

    public BadLines bad() {
        return bad;
    }

    /** @param fresh makes an empty one, for each thread */
    public Aggregate aggregate(List<Input> inputs, Supplier<Aggregate> fresh) throws InterruptedException {
        Queue<Input> left = new ConcurrentLinkedQueue<>(
                inputs.stream().sorted(Comparator.comparingLong(Input::bytes).reversed()).toList());
        int threads = Math.max(1, Math.min(inputs.size(), Runtime.getRuntime().availableProcessors()));
        Aggregate sum = fresh.get();
        try (ExecutorService readers = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().name("report-reader-", 0).daemon().factory())) {
            List<Future<Aggregate>> parts = Stream.generate(() -> readers.submit(() -> {
                Aggregate part = fresh.get();
                for (Input i = left.poll(); i != null; i = left.poll())
                    read(i, part::add);
                return part;
            })).limit(threads).toList();
            for (Future<Aggregate> part : parts)
                sum.add(part.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return sum;
    }

    /** Each record that counts, in the order of the file. */
    void read(Input input, Consumer<Row> taker) {
        String name = input.path().toString();
        Row row = new Row();
        try (InputStream in = counted(Files.newInputStream(input.path()));
                RecordReader reader = RecordReader.open(in, name, bad)) {
            while (reader.next(row, true)) {
                String type = row.get(RecordField.TYPE);
                if (type == null)
                    bad.add(name, row.line(), "a record without a type");
                else if ((input.types().isEmpty() || input.types().contains(type)) && filter.takes(row))
                    taker.accept(row);
            }
        } catch (NoSuchFileException e) {
            bad.add(name, 0, "no such file");
        } catch (EOFException e) {
            bad.add(name, 0, "its end is missing");
        } catch (IOException | UncheckedIOException e) {
            bad.add(name, 0, "cannot be read to its end: " + e.getMessage());
        }
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = super.read(b, off, len);
                if (n > 0)
                    progress.accept(done.addAndGet(n));
                return n;
            }
        };
    }
}
