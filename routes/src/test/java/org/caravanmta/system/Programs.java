package org.caravanmta.system;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Other programs that a test needs. */
final class Programs {

    private Programs() {
    }

    /**
     * Where the program is. Where it is missing the test is skipped; with {@code CARAVAN_REQUIRE_PROGRAMS=1} it fails.
     */
    static Path require(String name) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(File.pathSeparator)));
        folders.addAll(List.of("/usr/sbin", "/sbin"));
        for (String folder : folders)
            if (Files.isExecutable(Path.of(folder, name)))
                return Path.of(folder, name);
        throw missing(name + " is not installed");
    }

    /** Skipped or failed in the same way when the command does. */
    static void requireWorking(String what, String... command) {
        try {
            run(command);
        } catch (IOException e) {
            throw missing(what + " does not work: " + e.getMessage());
        }
    }

    static void requireRoot() {
        if (!"root".equals(System.getProperty("user.name")))
            throw missing("only root can do this");
    }

    private static RuntimeException missing(String why) {
        if ("1".equals(System.getenv("CARAVAN_REQUIRE_PROGRAMS")))
            Assertions.fail(why + ", and CARAVAN_REQUIRE_PROGRAMS=1");
        System.out.println("skipped: " + why);
        return Assumptions.abort(why);
    }

    /** Runs it to its end; its exit code is not zero: fails with what it said. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.onExit().join().exitValue();
        if (exit != 0)
            throw new IOException(String.join(" ", command) + " exits with " + exit + ": " + said);
        return said;
    }
}
