package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

import org.caravanmta.control.ControlClient;
import org.caravanmta.report.BadLines;
import org.caravanmta.report.LiveTally;
import org.caravanmta.report.RowFilter;
import org.caravanmta.report.Tally;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How far a job is: what waits by the queues of the running gateway, what is done by its accounting files. One line that
 * changes at a terminal, else a line whenever something changed.
 */
final class JobProgress {

    private static final long STEP_MS = 500;
    private static final int WIDTH = 30;
    /** The last records are written a moment after the queue is empty. */
    private static final int QUIET_STEPS = 3;

    private final Path home;
    private final String job;
    private final RowFilter filter;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private String shown = "";

    private record Waits(long recipients, long deferred) {
    }

    JobProgress(Path home, String job, RowFilter filter) {
        this.home = home;
        this.job = job;
        this.filter = filter;
    }

    /** The exit code: 0 once nothing waits any more, 1 when no gateway runs. */
    int follow() throws InterruptedException {
        try (LiveTally done = new LiveTally(filter, new BadLines())) {
            int quiet = 0;
            long before = -1;
            while (true) {
                Waits waits = ask(home, job);
                Tally t = done.read(AccountingInputs.ofGateway(home).inputs());
                show(line(waits.recipients(), waits.deferred(), t));
                quiet = waits.recipients() == 0 && t.settled() == before ? quiet + 1 : 0;
                before = t.settled();
                if (quiet >= QUIET_STEPS)
                    break;
                Thread.sleep(STEP_MS);
            }
            if (terminal)
                System.out.println();
            return 0;
        } catch (IOException e) {
            System.err.println("caravan: " + TextTable.printable(String.valueOf(e.getMessage())));
            return 1;
        }
    }

    static String line(long queued, long deferred, Tally t) {
        long all = queued + t.settled();
        double share = all == 0 ? 0 : (double) t.settled() / all;
        return String.format(Locale.ROOT,
                "%s %5.1f%%  queued %,d (deferred %,d)  delivered %,d  bounced %,d  expired %,d",
                ByteProgress.bar(share, WIDTH), share * 100, queued, deferred, t.delivered(), t.bounced(), t.expired());
    }

    private void show(String line) {
        if (line.equals(shown))
            return;
        System.out.print(terminal ? "\r" + line + " ".repeat(Math.max(0, shown.length() - line.length()))
                : line + System.lineSeparator());
        System.out.flush();
        shown = line;
    }

    /** One sentence. */
    static String waiting(Path home, String job) {
        try {
            Waits w = ask(home, job);
            return String.format(Locale.ROOT,
                    "%,d recipients of this job still wait in the queues, %,d of them deferred",
                    w.recipients(), w.deferred());
        } catch (IOException e) {
            return "no gateway answered what still waits: " + e.getMessage();
        }
    }

    private static Waits ask(Path home, String job) throws IOException {
        ObjectNode answer = ControlClient.ask(home, RunningGateway.request("show").put("what", "jobs"));
        for (JsonNode j : answer.path("jobs"))
            if (j.path("name").asText().equals(job))
                return new Waits(j.path("recipients").asLong(), j.path("deferred").asLong());
        return new Waits(0, 0);
    }
}
