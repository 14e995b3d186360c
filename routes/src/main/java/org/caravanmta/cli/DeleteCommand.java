package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan delete}: what is meant is ended, with a record for each recipient. */
@Command(name = "delete", mixinStandardHelpOptions = true,
        description = "Deletes queued messages, with a bounce record for each recipient; what is being sent is left alone.")
final class DeleteCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Mixin
    private MessageOptions messages;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(messages.into(RunningGateway.request("delete")),
                answer -> System.out.println("deleted " + answer.path("messages").asLong() + " messages"));
    }
}
