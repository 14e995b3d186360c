package org.caravanmta.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.caravanmta.report.Aggregate;
import org.caravanmta.report.Dimension;
import org.caravanmta.report.Input;
import org.caravanmta.report.Report;
import org.caravanmta.report.ReportFormat;
import org.caravanmta.report.ReportKind;
import org.caravanmta.report.ReportRun;
import org.caravanmta.report.RowFilter;

import picocli.CommandLine.Option;

/** What all reports have in common. */
final class ReportOptions {

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "var",
            description = "without files: those of the gateway that runs with this home (default: ${DEFAULT-VALUE})")
    Path home;

    @Option(names = "--from", paramLabel = "TIME", converter = PointInTime.class,
            description = "records from then on: 2026-11-25, \"2026-11-25 14:00\", with a zone 2026-11-25T14:00+01:00")
    private Long fromMs;

    @Option(names = "--to", paramLabel = "TIME", converter = PointInTime.class, description = "records before then")
    private Long toMs;

    @Option(names = "--job", paramLabel = "ID", description = "of this job; may be given again, as those below")
    private List<String> jobs = List.of();

    @Option(names = "--vmta", paramLabel = "NAME", description = "of this VirtualMTA")
    private List<String> vmtas = List.of();

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "to recipients of this domain")
    private List<String> domains = List.of();

    @Option(names = "--type", paramLabel = "TYPE", description = "records of this type: d, b, t, r")
    private List<String> types = List.of();

    @Option(names = "--by", split = ",", paramLabel = "WHAT",
            description = "tables to show instead of the prepared ones: ${COMPLETION-CANDIDATES}")
    private List<Dimension> by = List.of();

    @Option(names = "--top", paramLabel = "N", defaultValue = "20",
            description = "lines of each table (default: ${DEFAULT-VALUE})")
    private int top;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: by the end of --output, else TEXT)")
    private ReportFormat format;

    @Option(names = { "-o", "--output" }, paramLabel = "FILE", description = "file to write (default: standard output)")
    private Path output;

    RowFilter filter() {
        Set<String> lower = new HashSet<>();
        domains.forEach(d -> lower.add(d.toLowerCase(Locale.ROOT)));
        return new RowFilter(fromMs == null ? 0 : fromMs, toMs == null ? Long.MAX_VALUE : toMs, Set.copyOf(jobs),
                Set.copyOf(vmtas), lower, Set.copyOf(types));
    }

    void day(LocalDate day) {
        fromMs = day.atStartOfDay(ZoneId.systemDefault()).toInstant().toEpochMilli();
        toMs = day.plusDays(1).atStartOfDay(ZoneId.systemDefault()).toInstant().toEpochMilli();
    }

    void job(String name) {
        jobs = List.of(name);
    }

    /** The files, or those of the running gateway. */
    AccountingInputs inputs(List<Path> files) throws IOException {
        return files.isEmpty() ? AccountingInputs.ofGateway(home)
                : new AccountingInputs(Input.of(files), List.of());
    }

    /**
     * @param of what the report is about besides its kind; null: nothing
     * @return the exit code
     */
    int report(ReportKind kind, String of, List<Path> files, List<String> more) {
        if (top < 1) {
            System.err.println("caravan: --top wants a number from 1");
            return 2;
        }
        try {
            AccountingInputs found = inputs(files);
            Aggregate a;
            ReportRun run;
            try (ByteProgress progress = new ByteProgress(ReportRun.bytes(found.inputs()))) {
                run = new ReportRun(filter(), progress);
                a = run.aggregate(found.inputs(), () -> new Aggregate(ZoneId.systemDefault()));
            }
            List<String> notes = new ArrayList<>(found.notes());
            notes.addAll(more);
            write(Report.of(kind, of, by.isEmpty() ? kind.dimensions() : by, a, top, run.bad(), notes));
            return 0;
        } catch (IOException e) {
            System.err.println("caravan: " + TextTable.printable(String.valueOf(e.getMessage())));
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private void write(Report report) throws IOException {
        ReportFormat as = format != null ? format
                : output == null ? ReportFormat.TEXT : ReportFormat.ofName(output.toString());
        if (output != null) {
            try (Writer out = Files.newBufferedWriter(output)) {
                as.write(report, out);
            }
            return;
        }
        Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        as.write(report, out);
        out.flush();
    }
}
