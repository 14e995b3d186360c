package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan pause}: what is meant does not leave until it is resumed. */
@Command(name = "pause", mixinStandardHelpOptions = true,
        description = "Keeps queues, or the messages of a job or to a recipient, until they are resumed; prints all that is paused.")
final class PauseCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Mixin
    private MessageOptions messages;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(messages.into(RunningGateway.request("pause")), answer -> {
            if (answer.path("paused").isEmpty())
                System.out.println("nothing is paused");
            answer.path("paused").forEach(p -> System.out.println(p.asText()));
        });
    }
}
