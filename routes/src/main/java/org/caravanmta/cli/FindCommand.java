package org.caravanmta.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import org.caravanmta.control.ControlClient;
import org.caravanmta.report.Input;
import org.caravanmta.report.RecipientSearch;
import org.caravanmta.report.ReportRun;
import org.caravanmta.report.RowFilter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan find}: what became of one recipient. */
@Command(name = "find", mixinStandardHelpOptions = true,
        description = "Prints each accounting record of a recipient in order of time, and what still waits for it in the "
                + "running gateway.")
final class FindCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "0..*",
            description = "accounting files or folders (default: those of the running gateway)")
    private List<Path> files = List.of();

    @Option(names = "--rcpt", paramLabel = "ADDRESS", required = true, description = "the recipient")
    private String rcpt;

    @Option(names = "--job", paramLabel = "ID", description = "of this job")
    private String job;

    @Option(names = "--orig", paramLabel = "ADDRESS", description = "from this reverse-path; \"\" for <>")
    private String orig;

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "var",
            description = "the home of the running gateway (default: ${DEFAULT-VALUE})")
    private Path home;

    @Override
    public Integer call() {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try {
            records(out);
        } catch (IOException e) {
            System.err.println("caravan: " + TextTable.printable(String.valueOf(e.getMessage())));
            return 1;
        }
        waiting(out);
        out.flush();
        return 0;
    }

    private void records(PrintStream out) throws IOException {
        List<Input> inputs = files.isEmpty() ? AccountingInputs.ofGateway(home).inputs() : Input.of(files);
        RowFilter filter = new RowFilter(0, Long.MAX_VALUE, job == null ? Set.of() : Set.of(job), Set.of(), Set.of(),
                Set.of());
        RecipientSearch search;
        ReportRun run;
        try (ByteProgress progress = new ByteProgress(ReportRun.bytes(inputs))) {
            run = new ReportRun(filter, progress);
            search = new RecipientSearch(run, inputs, rcpt, orig);
        }
        if (search.found().isEmpty())
            out.println("no record of " + TextTable.printable(rcpt));
        for (RecipientSearch.Found f : search.found()) {
            out.println(TextTable.printable(f.time() + "  " + word(f.type()) + "  " + f.queue()
                    + (f.job().isEmpty() ? "" : "  job " + f.job()) + "  from <" + f.orig() + ">"));
            if (!f.status().isEmpty() || !f.reply().isEmpty())
                out.println("    " + TextTable.printable((f.status() + "  " + f.reply()).strip()
                        + (f.host().isEmpty() ? "" : "  by " + f.host())));
            out.println("    " + TextTable.printable(f.file() + ":" + f.line()));
        }
        if (search.more() > 0)
            out.println(search.more() + " more records");
        run.bad().named().forEach(b -> System.err.println("caravan: not read: " + TextTable.printable(b)));
    }

    private static String word(String type) {
        return switch (type) {
            case "d" -> "delivered";
            case "b" -> "bounced";
            case "t" -> "deferred";
            case "r" -> "received";
            default -> type;
        };
    }

    private void waiting(PrintStream out) {
        ObjectNode request = RunningGateway.request("list").put("rcpt", rcpt).put("max-items", 100);
        if (job != null)
            request.put("job", job);
        if (orig != null)
            request.put("orig", orig);
        ObjectNode answer;
        try {
            answer = ControlClient.ask(home, request);
        } catch (IOException e) {
            // Whoever names files may have no gateway here at all.
            if (files.isEmpty())
                System.err.println("caravan: " + TextTable.printable(String.valueOf(e.getMessage())));
            return;
        }
        answer.path("problems").forEach(p -> System.err.println("caravan: " + TextTable.printable(p.asText())));
        for (JsonNode m : answer.path("messages"))
            out.println(TextTable.printable("waits  " + m.path("queue").asText() + "  " + m.path("state").asText()
                    + "  since " + LocalTimes.of(m.path("queued").asText()) + "  attempts "
                    + m.path("attempts").asText()
                    + (m.has("nextAttempt") ? "  next " + LocalTimes.of(m.path("nextAttempt").asText()) : "")
                    + (m.has("lastError") ? "  last: " + m.path("lastError").asText() : "")));
    }
}
