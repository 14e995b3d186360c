package org.caravanmta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caravan move}: what is meant leaves through another VirtualMTA. */
@Command(name = "move", mixinStandardHelpOptions = true,
        description = "Moves queued messages to another VirtualMTA, or to the members of a pool.")
final class MoveCommand extends MessagesCommand {

    @Option(names = "--to", paramLabel = "VMTA", required = true, description = "a VirtualMTA or a pool")
    private String to;

    @Override
    ObjectNode request() {
        return RunningGateway.request("move").put("to", to);
    }

    @Override
    void print(ObjectNode answer) {
        System.out.println("moved " + answer.path("messages").asLong() + " messages to " + to);
    }
}
