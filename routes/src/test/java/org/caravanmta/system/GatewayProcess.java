package org.caravanmta.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a JVM of its own, as {@code caravan run} starts it. */
final class GatewayProcess extends CaravanProcess {

    private static final Pattern READY = Pattern.compile("ready .*?(127\\.[0-9.]+):(\\d+).*");

    private GatewayProcess(Path config, Path home) throws IOException {
        super("run", "--config", config.toString(), "--home", home.toString());
    }

    /** Does not wait until it is ready. */
    static GatewayProcess run(Path config, Path home) throws IOException {
        return new GatewayProcess(config, home);
    }

    /** Waits for the line {@code ready} and gives the address of its SMTP listener. */
    InetSocketAddress awaitReady() throws Exception {
        Matcher m = READY.matcher(ready());
        if (!m.matches())
            throw new IllegalStateException("no listener in: " + ready());
        return new InetSocketAddress(m.group(1), Integer.parseInt(m.group(2)));
    }

    /** SIGTERM; the exit code once it has ended. */
    int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    /** What the log says above INFO. */
    List<String> complaints() {
        return output().stream().filter(l -> l.contains(" WARN ") || l.contains(" ERROR ")).toList();
    }

    static Path config(Path folder, String yaml) throws IOException {
        return Files.writeString(folder.resolve("caravan.yaml"), yaml);
    }
}
