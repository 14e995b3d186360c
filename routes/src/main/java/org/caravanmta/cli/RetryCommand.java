package org.caravanmta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;

/** {@code caravan retry}: deferred mail is tried at once. */
@Command(name = "retry", mixinStandardHelpOptions = true,
        description = "Tries deferred messages at once, whatever their retry time.")
final class RetryCommand extends MessagesCommand {

    @Override
    ObjectNode request() {
        return RunningGateway.request("retry");
    }

    @Override
    void print(ObjectNode answer) {
        System.out.println("tried at once: " + answer.path("messages").asLong() + " messages");
    }
}
