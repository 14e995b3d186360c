package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan retry}: deferred mail is tried at once. */
@Command(name = "retry", mixinStandardHelpOptions = true,
        description = "Tries deferred messages at once, whatever their retry time.")
final class RetryCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Mixin
    private MessageOptions messages;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(messages.into(RunningGateway.request("retry")),
                answer -> System.out.println("tried at once: " + answer.path("messages").asLong() + " messages"));
    }
}
