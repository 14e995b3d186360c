package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import org.caravanmta.report.ReportKind;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan report job}. */
@Command(name = "job", mixinStandardHelpOptions = true,
        description = "One job, and how far it is if a gateway runs.")
final class ReportJobCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "ID", description = "as in the header X-Job")
    private String job;

    @Parameters(index = "1..*", paramLabel = "FILE", arity = "0..*", description = "accounting files or folders")
    private List<Path> files = List.of();

    @Option(names = "--follow", description = "shows the progress until nothing of the job waits any more")
    private boolean follow;

    @Mixin
    private ReportOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.job(job);
        if (follow) {
            if (!files.isEmpty()) {
                System.err.println("caravan: --follow reads the files of the running gateway; name none");
                return 2;
            }
            return new JobProgress(options.home, job, options.filter()).follow();
        }
        return options.report(ReportKind.JOB, job, files,
                files.isEmpty() ? List.of(JobProgress.waiting(options.home, job)) : List.of());
    }
}
