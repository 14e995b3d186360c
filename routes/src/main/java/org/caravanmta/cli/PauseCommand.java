package org.caravanmta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;

/** {@code caravan pause}: what is meant does not leave until it is resumed. */
@Command(name = "pause", mixinStandardHelpOptions = true,
        description = "Keeps queues, or the messages of a job or to a recipient, until they are resumed; prints all that is paused.")
final class PauseCommand extends MessagesCommand {

    @Override
    ObjectNode request() {
        return RunningGateway.request("pause");
    }

    @Override
    void print(ObjectNode answer) {
        printPaused(answer);
    }
}
