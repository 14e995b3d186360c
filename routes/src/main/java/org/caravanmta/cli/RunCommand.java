package org.caravanmta.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.control.ConfigFile;
import org.caravanmta.control.ControlServer;
import org.caravanmta.control.HangUp;
import org.caravanmta.control.Requests;
import org.caravanmta.gateway.Gateway;
import org.caravanmta.gateway.ReloadRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.operator");

    @Mixin
    private ConfigOption config;

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "var",
            description = "everything the gateway writes is below this folder (default: ${DEFAULT-VALUE})")
    private Path home;

    @Override
    public Integer call() throws Exception {
        ConfigReader.Result read = config.result(System.err);
        if (read == null)
            return 2;
        CompletableFuture<String> failure = new CompletableFuture<>();
        Gateway gateway = new Gateway(read.config(), home.toAbsolutePath(), failure::complete);
        try {
            gateway.start();
        } catch (Exception e) {
            System.err.println("caravan: " + StartFailure.text(e));
            gateway.close();
            return 1;
        }
        ConfigFile configFile = new ConfigFile(config.path(), read, gateway);
        HangUp.listen(() -> reload(configFile));
        ControlServer control = control(gateway, configFile);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            close(control);
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

    /** Mail matters more than commands: a gateway that cannot be asked runs all the same. */
    private ControlServer control(Gateway gateway, ConfigFile configFile) {
        try {
            return ControlServer.start(home.toAbsolutePath(), new Requests(gateway, configFile));
        } catch (IOException e) {
            LOG.warn("commands such as caravan show cannot reach this gateway: {}", e.getMessage());
            return null;
        }
    }

    private static void close(ControlServer control) {
        try {
            if (control != null)
                control.close();
        } catch (IOException e) {
            LOG.debug("while closing", e);
        }
    }

    private static void reload(ConfigFile configFile) {
        try {
            configFile.reload().forEach(w -> LOG.warn("{}", w));
        } catch (ReloadRefusedException _) {
            // every problem is in the log
        }
    }
}
