package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import org.caravanmta.report.ReportKind;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan report}: what became of mail, from accounting files. */
@Command(name = "report", mixinStandardHelpOptions = true,
        description = "Reports what became of mail, from accounting files (CSV, XML, JSON lines, also .gz; of folders all of "
                + "them) or from those of the running gateway. Without a prepared report it shows everything.",
        subcommands = { ReportDailyCommand.class, ReportBouncesCommand.class, ReportVmtasCommand.class,
                ReportJobCommand.class })
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "accounting files or folders")
    private List<Path> files = List.of();

    @Mixin
    private ReportOptions options;

    @Override
    public Integer call() {
        return options.report(ReportKind.SUMMARY, null, files, List.of());
    }
}
