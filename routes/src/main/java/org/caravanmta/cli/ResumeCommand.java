package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan resume}: ends a pause. */
@Command(name = "resume", mixinStandardHelpOptions = true,
        description = "Ends a pause; prints what is still paused.")
final class ResumeCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Mixin
    private MessageOptions messages;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(messages.into(RunningGateway.request("resume")), answer -> {
            if (answer.path("paused").isEmpty())
                System.out.println("nothing is paused");
            answer.path("paused").forEach(p -> System.out.println(p.asText()));
        });
    }
}
