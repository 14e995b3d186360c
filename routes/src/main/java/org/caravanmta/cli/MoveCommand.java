package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan move}: what is meant leaves through another VirtualMTA. */
@Command(name = "move", mixinStandardHelpOptions = true,
        description = "Moves queued messages to another VirtualMTA, or to the members of a pool.")
final class MoveCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Mixin
    private MessageOptions messages;

    @Option(names = "--to", paramLabel = "VMTA", required = true, description = "a VirtualMTA or a pool")
    private String to;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(messages.into(RunningGateway.request("move").put("to", to)),
                answer -> System.out.println("moved " + answer.path("messages").asLong() + " messages to " + to));
    }
}
