package org.caravanmta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;

/** {@code caravan delete}: what is meant is ended, with a record for each recipient. */
@Command(name = "delete", mixinStandardHelpOptions = true,
        description = "Deletes queued messages, with a bounce record for each recipient; what is being sent is left alone.")
final class DeleteCommand extends MessagesCommand {

    @Override
    ObjectNode request() {
        return RunningGateway.request("delete");
    }

    @Override
    void print(ObjectNode answer) {
        System.out.println("deleted " + answer.path("messages").asLong() + " messages");
    }
}
