package org.caravanmta.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;

import org.caravanmta.report.ReportKind;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan report daily}. */
@Command(name = "daily", mixinStandardHelpOptions = true, description = "One day, hour by hour.")
final class ReportDailyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "accounting files or folders")
    private List<Path> files = List.of();

    @Option(names = "--day", paramLabel = "YYYY-MM-DD", description = "the day (default: yesterday)")
    private LocalDate day;

    @Mixin
    private ReportOptions options;

    @Override
    public Integer call() {
        LocalDate of = day == null ? LocalDate.now().minusDays(1) : day;
        options.day(of);
        return options.report(ReportKind.DAILY, of.toString(), files, List.of());
    }
}
