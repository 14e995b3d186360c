package org.caravanmta.cli;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.gateway.Gateway;

import io.netty.util.NetUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code caravan run}: the gateway in the foreground until SIGTERM or SIGINT (exit 0), or until it cannot go on without
 * a new start (exit 1): whoever watches over it starts it again.
 */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs the gateway in the foreground.")
final class RunCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "var",
            description = "everything the gateway writes is below this folder (default: ${DEFAULT-VALUE})")
    private Path home;

    @Override
    public Integer call() throws Exception {
        CaravanConfig read = config.read(System.err);
        if (read == null)
            return 2;
        CompletableFuture<String> failure = new CompletableFuture<>();
        Gateway gateway = new Gateway(read, home.toAbsolutePath(), failure::complete);
        try {
            gateway.start();
        } catch (Exception e) {
            System.err.println("caravan: " + StartFailure.text(e));
            gateway.close();
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            gateway.close();
            System.out.println("stopped");
            System.out.flush();
            Runtime.getRuntime().halt(failure.isDone() ? 1 : 0);
        }, "caravan-stop"));
        System.out.println(
                "ready " + gateway.listeners().stream().map(NetUtil::toSocketAddressString).collect(joining(" ")));
        System.err.println("caravan: ends, to be started again: " + failure.join());
        return 1;
    }
}
