package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan reload}: the running gateway takes over what its configuration file says now, all of it or nothing. */
@Command(name = "reload", mixinStandardHelpOptions = true,
        description = "Lets the running gateway read its configuration file again; a bad one is refused and changes "
                + "nothing.")
final class ReloadCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(RunningGateway.request("reload"), answer -> {
            answer.path("warnings").forEach(w -> System.err.println("warning: " + w.asText()));
            System.out.println("reloaded");
        });
    }
}
