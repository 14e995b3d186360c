package org.caravanmta.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.caravanmta.config.Rate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitLedgerTest {

    private static final Rate DAY = Rate.parse("800/d");

    @TempDir
    Path folder;
    /** Wall clock and, so many hours on, the other one: nobody may take one for the other. */
    private volatile long nowMs = 1_800_000_000_000L;
    private volatile long zeroMs = nowMs - 5_000_000;
    private final List<LimitLedger> runs = new ArrayList<>();
    private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>();
    private final AtomicInteger woken = new AtomicInteger();
    private int copies;

    @AfterEach
    void end() {
        settle(() -> runs.forEach(LimitLedger::close));
    }

    private Path file() {
        return folder.resolve("limits").resolve("used");
    }

    private LimitLedger start() throws IOException {
        return start(file());
    }

    private LimitLedger start(Path path) throws IOException {
        LimitLedger ledger = LimitLedger.open(path, () -> nowMs, this::nanos, 0);
        runs.add(ledger);
        return ledger;
    }

    private long nanos() {
        return (nowMs - zeroMs) * 1_000_000;
    }

    /** The clocks go on; the one that counts nanoseconds begins anew with each process. */
    private void later(Duration time, boolean newProcess) {
        nowMs += time.toMillis();
        if (newProcess)
            zeroMs = nowMs - 77;
    }

    private void stop(LimitLedger ledger) {
        settle(ledger::close);
        runs.remove(ledger);
    }

    /** Runs it while this thread is the event loop. */
    private void settle(Runnable closing) {
        Thread closer = Thread.ofPlatform().start(closing);
        while (closer.isAlive())
            runLoop();
    }

    private void runLoop() {
        for (Runnable r; (r = loop.poll()) != null;)
            r.run();
        Thread.onSpinWait();
    }

    /** What a kill leaves on the disk at this moment, for another process. */
    private LimitLedger afterAKill() throws IOException {
        Path copy = folder.resolve("kill" + ++copies).resolve("used");
        Files.createDirectories(copy.getParent());
        Files.copy(file(), copy);
        return start(copy);
    }

    private RateWindow window(LimitLedger ledger, Rate rate) {
        return page(ledger, "a.example").window("max-msg-rate", rate);
    }

    private LedgerPage page(LimitLedger ledger, String destination) {
        return new LedgerPage(ledger, "mta1", destination, "", loop::add, woken::incrementAndGet);
    }

    /** So many start and end at once, as their turn comes. */
    private void send(RateWindow w, int n) {
        for (int i = 0; i < n; i++) {
            awaitFree(w);
            w.start(1);
            w.end(1, nanos());
        }
    }

    private void awaitFree(RateWindow w) {
        while (!w.free(1, nanos()))
            runLoop();
    }

    /** Nothing but the disk is to be waited for. */
    private boolean soon(RateWindow w) {
        return w.free(1, nanos()) || w.awaitsReserve(1, nanos());
    }

    /** How many may start now. */
    private int free(RateWindow w, int most) {
        int n = 0;
        while (n < most) {
            if (!soon(w))
                break;
            awaitFree(w);
            w.start(1);
            w.end(1, nanos());
            n++;
        }
        return n;
    }

    @Test
    void nothingIsUsedAtTheVeryFirstStart() throws Exception {
        assertThat(free(window(start(), Rate.parse("20/d")), 100)).isEqualTo(20);
        assertThat(window(start(folder.resolve("other")), Rate.parse("5/s")).free(5, nanos())).isTrue();
    }

    @Test
    void afterACleanStopExactlyWhatIsLeftMayGo() throws Exception {
        LimitLedger first = start();
        send(window(first, DAY), 300);
        stop(first);
        later(Duration.ofMinutes(5), true);
        RateWindow w = window(start(), DAY);
        assertThat(free(w, 1000)).isEqualTo(500);
        assertThat(w.waitNanos(1, nanos())).as("the day is over")
                .isEqualTo(Duration.ofDays(1).minusMinutes(5).toNanos());
    }

    @Test
    void usedPlacesComeBackOneAfterTheOtherAsIfThereHadBeenNoStop() throws Exception {
        LimitLedger first = start();
        RateWindow w = window(first, Rate.parse("24/d"));
        for (int hour = 0; hour < 24; hour++) {
            send(w, 1);
            later(Duration.ofHours(1), false);
        }
        later(Duration.ofMinutes(-30), false);
        stop(first);
        later(Duration.ofMinutes(10), true);
        w = window(start(), Rate.parse("24/d"));
        assertThat(free(w, 100)).isZero();
        later(Duration.ofMinutes(20), false);
        for (int hour = 0; hour < 5; hour++) {
            assertThat(free(w, 100)).as("hour %s", hour).isEqualTo(1);
            later(Duration.ofHours(1), false);
        }
    }

    @Test
    void afterAKillWhatWasWrittenAheadCountsAsUsedAtTheStart() throws Exception {
        RateWindow w = window(start(), DAY);
        send(w, 300);
        later(Duration.ofHours(1), true);
        RateWindow next = window(afterAKill(), DAY);
        assertThat(free(next, 1000)).isBetween(800 - 300 - 100, 500);
        later(Duration.ofHours(23), false);
        assertThat(free(next, 1000)).as("all but the reserve").isLessThanOrEqualTo(300).isGreaterThanOrEqualTo(200);
    }

    @Test
    void whatRunsAtTheKillCountsAsUsedAtTheStart() throws Exception {
        RateWindow w = window(start(), Rate.parse("2/d"));
        awaitFree(w);
        w.start(1);
        later(Duration.ofHours(1), true);
        RateWindow next = window(afterAKill(), Rate.parse("2/d"));
        assertThat(free(next, 10)).isEqualTo(1);
        later(Duration.ofHours(23), false);
        assertThat(free(next, 10)).isZero();
        later(Duration.ofHours(1), false);
        assertThat(free(next, 10)).isEqualTo(2);
    }

    @Test
    void nothingStartsThatIsNotOnTheDisk() throws Exception {
        RateWindow w = window(start(), DAY);
        assertThat(w.free(1, nanos())).as("not written yet").isFalse();
        assertThat(w.waitNanos(1, nanos())).isPositive();
        await().until(() -> {
            runLoop();
            return woken.get() > 0;
        });
        assertThat(w.free(100, nanos())).isTrue();
        assertThat(w.free(101, nanos())).isFalse();
    }

    /** Whenever it stops or is killed, and whatever runs then: no window of the receiver holds too many. */
    @ParameterizedTest
    @CsvSource({ "1, 40, 30", "2, 40, 30", "3, 7, 60", "4, 3, 7200", "5, 1, 86400", "6, 200, 20" })
    void noWindowIsOverrunByAnySequenceOfStopsAndKills(long seed, int count, long seconds) throws Exception {
        Random random = new Random(seed);
        Rate rate = new Rate(count, Duration.ofSeconds(seconds));
        List<Long> stamps = new ArrayList<>();
        ArrayDeque<Long> running = new ArrayDeque<>();
        Path path = file();
        LimitLedger ledger = start(path);
        RateWindow w = window(ledger, rate);
        for (int step = 0; step < 400; step++) {
            later(Duration.ofMillis(random.nextInt((int) (seconds * 1000 / 15))), false);
            while (!running.isEmpty() && random.nextInt(4) > 0)
                w.end(1, end(running.poll(), stamps, random));
            for (int burst = random.nextInt(count + 2); burst > 0; burst--)
                if (soon(w)) {
                    awaitFree(w);
                    w.start(1);
                    running.add(nowMs);
                }
            int fate = random.nextInt(60);
            if (fate > 4)
                continue;
            if (fate < 3) {
                Path at = path;
                path = folder.resolve("kill" + ++copies).resolve("used");
                Files.createDirectories(path.getParent());
                Files.copy(at, path);
            }
            running.forEach(began -> end(began, stamps, random));
            running.clear();
            stop(ledger);
            later(Duration.ofMillis(random.nextInt((int) (seconds * 1000 / 3))), true);
            ledger = start(path);
            w = window(ledger, rate);
        }
        running.forEach(began -> end(began, stamps, random));
        stamps.sort(null);
        for (int i = count; i < stamps.size(); i++)
            assertThat(stamps.get(i) - stamps.get(i - count)).as("window ending at stamp %s", i)
                    .isGreaterThanOrEqualTo(seconds * 1000);
        assertThat(stamps.size()).as("used").isGreaterThan(5 * count);
    }

    /** The receiver's clock shows some moment between begin and end. */
    private long end(long beganMs, List<Long> stamps, Random random) {
        stamps.add(beganMs + (nowMs > beganMs ? random.nextInt((int) (nowMs - beganMs)) : 0));
        return nanos();
    }

    @Test
    void aLimitIsUsedThoughTheGatewayIsStoppedEveryFewMinutes() throws Exception {
        Rate rate = Rate.parse("240/h");
        int sent = 0;
        LimitLedger ledger = start();
        RateWindow w = window(ledger, rate);
        int hours = 8;
        for (int minute = 0; minute < hours * 60; minute++) {
            sent += free(w, 1000);
            later(Duration.ofMinutes(1), false);
            if (minute % 10 == 3) {
                stop(ledger);
                later(Duration.ZERO, true);
                ledger = start();
                w = window(ledger, rate);
            }
        }
        assertThat(sent).isBetween(hours * 240 * 90 / 100, hours * 240);
    }

    @Test
    void aClockThatWasSetBackMakesNothingFaster() throws Exception {
        LimitLedger first = start();
        send(window(first, DAY), 800);
        stop(first);
        later(Duration.ofHours(-30), true);
        RateWindow w = window(start(), DAY);
        assertThat(free(w, 1)).isZero();
        later(Duration.ofHours(24), false);
        assertThat(free(w, 1)).as("and blocks nothing for longer than a window").isEqualTo(1);
    }

    @Test
    void anotherLimitTakesOverWhatCountedUnderTheFormer() throws Exception {
        LimitLedger first = start();
        send(window(first, DAY), 300);
        stop(first);
        later(Duration.ofMinutes(1), true);
        assertThat(free(window(start(), Rate.parse("350/12h")), 1000)).isEqualTo(50);
    }

    @Test
    void eachQueueHasItsOwn() throws Exception {
        LimitLedger first = start();
        send(window(first, Rate.parse("10/d")), 10);
        stop(first);
        later(Duration.ofMinutes(1), true);
        LimitLedger second = start();
        assertThat(free(page(second, "b.example").window("max-msg-rate", Rate.parse("10/d")), 100)).isEqualTo(10);
        assertThat(free(page(second, "a.example").of("192.0.2.1").window("max-msg-rate", Rate.parse("10/d")), 100))
                .isEqualTo(10);
        assertThat(free(window(second, Rate.parse("10/d")), 100)).isZero();
    }

    @Test
    void aQueueThatComesBackFindsWhatItHadUsed() throws Exception {
        LimitLedger ledger = start();
        RateWindow w = window(ledger, DAY);
        send(w, 500);
        w.close();
        assertThat(free(window(ledger, DAY), 1000)).isEqualTo(300);
    }

    @Test
    void shortWindowsCountAsFullUntilTheirLengthAfterTheEnd() throws Exception {
        LimitLedger first = start();
        stop(first);
        later(Duration.ofSeconds(3), true);
        LimitLedger second = start();
        assertThat(window(second, Rate.parse("10/5s")).waitNanos(1, nanos())).isEqualTo(2_000_000_000L);
        assertThat(window(second, Rate.parse("10/s")).free(10, nanos())).isTrue();
        later(Duration.ofSeconds(4), true);
        LimitLedger third = afterAKill();
        assertThat(window(third, Rate.parse("10/s")).waitNanos(1, nanos())).isEqualTo(1_000_000_000L);
        assertThat(window(third, Rate.UNLIMITED).free(1000, nanos())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 3, 11, 12, 13, 40 })
    void whatWasCutShortByTheCrashIsNoDamage(int cut) throws Exception {
        LimitLedger first = start();
        send(window(first, DAY), 800);
        stop(first);
        long whole = Files.size(file());
        LimitLedger second = start();
        stop(second); // the file is now one batch and an end
        long end = Files.size(file());
        assertThat(end).isLessThan(whole);
        try (RandomAccessFile f = new RandomAccessFile(file().toFile(), "rw")) {
            f.seek(end);
            byte[] torn = new byte[cut];
            new Random(cut).nextBytes(torn);
            torn[0] = 0x7f;
            f.write(torn);
        }
        assertThat(free(window(start(), DAY), 1)).as("all used").isZero();
        assertThat(free(page(runs.getLast(), "new.example").window("max-msg-rate", DAY), 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 5, 30 })
    void aDamagedFileMakesEveryWindowFullUntilItIsDeleted(int at) throws Exception {
        LimitLedger first = start();
        send(window(first, DAY), 200);
        stop(first);
        try (RandomAccessFile f = new RandomAccessFile(file().toFile(), "rw")) {
            f.seek(at);
            int b = f.read();
            f.seek(at);
            f.write(b ^ 0x40);
        }
        LimitLedger second = start();
        assertThat(free(window(second, DAY), 1)).isZero();
        assertThat(free(page(second, "never.example").window("max-msg-rate", DAY), 1)).isZero();
        stop(second);
        later(Duration.ofHours(23), true);
        LimitLedger third = start();
        assertThat(free(page(third, "never.example").window("max-msg-rate", DAY), 1)).isZero();
        later(Duration.ofHours(1), false);
        assertThat(free(page(third, "never.example").window("max-msg-rate", DAY), 1000)).isEqualTo(800);
        stop(third);
        Files.delete(file());
        assertThat(free(window(start(), DAY), 1000)).isEqualTo(800);
    }

    @Test
    void theFileIsWrittenAnewWhenMostOfItNoLongerHolds() throws Exception {
        LimitLedger ledger = start();
        Rate rate = Rate.parse("100000/h");
        RateWindow busy = window(ledger, rate);
        UsedWindow large = new UsedWindow(3_600_000, nowMs, 1, new long[60], new long[60]);
        AtomicInteger synced = new AtomicInteger();
        for (int i = 0; i < 60_000; i++)
            ledger.write(new LimitKey("mta1", "d" + i % 100, "", "x" + i % 300), large, synced::incrementAndGet);
        send(busy, 10);
        for (int round = 0; round < 40; round++) {
            int before = synced.get();
            for (int i = 0; i < 300 * 10; i++)
                ledger.write(new LimitKey("mta" + i % 10, "d" + i % 300, "", "max-msg-rate"), large,
                        synced::incrementAndGet);
            await().until(() -> synced.get() > before);
        }
        await().until(() -> Files.size(file()) < 8 << 20);
        later(Duration.ofMinutes(1), true);
        assertThat(free(window(afterAKill(), rate), 100_000)).isLessThanOrEqualTo(100_000 - 10);
    }
}
