package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;

import org.caravanmta.demo.Demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caravan demo}: the whole way of a message, in half a minute. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Sends messages through three VirtualMTAs to a built-in test MX and shows what became of them.")
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--home", paramLabel = "DIR", description = "folder of this run (default: var/demo-<time>)")
    private Path home;

    @Option(names = "--messages", defaultValue = "1000", description = "how many (default: ${DEFAULT-VALUE})")
    private int messages;

    @Override
    public Integer call() throws Exception {
        boolean conserved = new Demo(folder(), messages, System.out).run();
        System.out.println(conserved ? "every message is accounted for" : "FAILED: not every message is accounted for");
        return conserved ? 0 : 1;
    }

    private Path folder() throws IOException {
        Path folder = home != null ? home
                : Path.of("var", "demo-" + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
        return Files.createDirectories(folder).toAbsolutePath();
    }
}
