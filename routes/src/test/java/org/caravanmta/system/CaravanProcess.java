package org.caravanmta.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program {@code caravan} in a JVM of its own. */
class CaravanProcess implements AutoCloseable {

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Thread reader;

    CaravanProcess(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dio.netty.noUnsafe=false",
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1",
                "-Xmx512m", "-Dlogback.configurationFile=logback.xml", "-cp", System.getProperty("java.class.path"),
                "org.caravanmta.cli.Caravan"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = Thread.ofPlatform().daemon().name("caravan-output").start(this::read);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = lines.readLine()) != null;) {
                synchronized (output) {
                    output.add(line);
                }
                if (line.startsWith("ready"))
                    ready.complete(line);
            }
        } catch (IOException e) {
            synchronized (output) {
                output.add("(killed: " + e.getMessage() + ")");
            }
        }
        int exit = process.onExit().join().exitValue();
        ready.completeExceptionally(new IllegalStateException("exit " + exit + " before it was ready:\n" + text()));
    }

    /** The line that begins with {@code ready}. */
    String ready() throws Exception {
        return ready.get(60, TimeUnit.SECONDS);
    }

    /** Everything printed so far, standard output and standard error. */
    List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    String text() {
        return String.join("\n", output());
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM; does not wait. Not by {@link Process#destroy}: that closes the pipe of the output too. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** The exit code, once it has ended and all its output was read. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS))
            throw new IllegalStateException("does not end:\n" + text());
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
