package org.caravanmta.cli;

import org.caravanmta.sink.SinkCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code caravan}. Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration. */
@Command(name = "caravan", mixinStandardHelpOptions = true, version = "Caravan 0.1.0",
        description = "Outbound mail gateway: VirtualMTAs on Camel routes and Artemis queues.",
        subcommands = { RunCommand.class, CheckCommand.class, SettingsCommand.class, ClassifyCommand.class,
                DkimCommand.class, CheckDnsCommand.class, ReportCommand.class, FindCommand.class,
                ReloadCommand.class,
                ShowCommand.class, ListCommand.class, ExplainCommand.class, PauseCommand.class, ResumeCommand.class,
                RetryCommand.class, MoveCommand.class, DeleteCommand.class, SinkCommand.class,
                DemoCommand.class })
public final class Caravan {

    private Caravan() {
    }

    public static void main(String[] args) {
        // Before any Netty class: without it Artemis cannot restart on an existing journal (JDK 25, Netty 4.2).
        System.setProperty("io.netty.noUnsafe", "false");
        System.exit(execute(args));
    }

    /** Runs one command in this JVM; its exit code. */
    public static int execute(String... args) {
        return new CommandLine(new Caravan()).setCaseInsensitiveEnumValuesAllowed(true).execute(args);
    }
}
