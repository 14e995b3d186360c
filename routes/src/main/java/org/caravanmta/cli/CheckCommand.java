package org.caravanmta.cli;

import java.util.concurrent.Callable;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigSummary;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan check}: every problem of a configuration at once (exit 2), or its summary (exit 0). */
@Command(name = "check", mixinStandardHelpOptions = true, description = "Validates a configuration file.")
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        CaravanConfig read = config.read(System.err);
        if (read == null)
            return 2;
        System.out.println(config.path() + ": fine");
        System.out.println(ConfigSummary.of(read));
        return 0;
    }
}
