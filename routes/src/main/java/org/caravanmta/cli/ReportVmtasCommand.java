package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import org.caravanmta.report.ReportKind;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan report vmtas}. */
@Command(name = "vmtas", mixinStandardHelpOptions = true, description = "How each VirtualMTA and each pool fares.")
final class ReportVmtasCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "accounting files or folders")
    private List<Path> files = List.of();

    @Mixin
    private ReportOptions options;

    @Override
    public Integer call() {
        return options.report(ReportKind.VMTAS, null, files, List.of());
    }
}
