package org.caravanmta.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway in a JVM of its own, as {@code caravan run} starts it. */
final class GatewayProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready .*?127\\.0\\.0\\.1:(\\d+).*");

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private GatewayProcess(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().name("gateway-output").start(this::read);
    }

    static GatewayProcess run(Path config, Path home, String... jvmOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dio.netty.noUnsafe=false", "--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders",
                "-Xmx512m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("org.caravanmta.cli.Caravan", "run", "--config", config.toString(), "--home",
                home.toString()));
        return new GatewayProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
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
            // killed: part of the tests
        }
        ready.completeExceptionally(new IllegalStateException("the gateway ended before it was ready:\n" + output()));
    }

    /** Waits for the line {@code ready} and gives the address of its SMTP listener. */
    InetSocketAddress awaitReady() throws Exception {
        Matcher m = READY.matcher(ready.get(60, TimeUnit.SECONDS));
        if (!m.matches())
            throw new IllegalStateException("no listener in: " + ready.get());
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(m.group(1)));
    }

    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; the exit code once it has ended. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS))
            throw new IllegalStateException("the gateway does not end:\n" + output());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
