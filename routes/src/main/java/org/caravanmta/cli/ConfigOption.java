package org.caravanmta.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;

import picocli.CommandLine.Option;

/** {@code --config}, and what every command does with it. */
final class ConfigOption {

    @Option(names = "--config", paramLabel = "FILE",
            description = "configuration file (default: the shipped conf/caravan.yaml)")
    Path file;

    Path path() {
        return file != null ? file : shipped();
    }

    /** Below the distribution when the launcher says where it is, else in the source tree. */
    private static Path shipped() {
        String home = System.getProperty("caravan.dist");
        return home != null ? Path.of(home, "conf", "caravan.yaml") : Path.of("config", "conf", "caravan.yaml");
    }

    /** The configuration, or null after every problem was printed to {@code err}. */
    CaravanConfig read(PrintStream err) {
        ConfigReader.Result result = result(err);
        return result == null ? null : result.config();
    }

    /** The same with where its values come from. */
    ConfigReader.Result result(PrintStream err) {
        Path path = path();
        if (!Files.isReadable(path)) {
            err.println(path + ":1:1: found no readable file, expected a configuration file, hint: check --config");
            return null;
        }
        ConfigReader.Result result = ConfigReader.read(path);
        result.warnings().forEach(w -> err.println("warning: " + w));
        result.problems().forEach(err::println);
        return result.good() ? result : null;
    }
}
