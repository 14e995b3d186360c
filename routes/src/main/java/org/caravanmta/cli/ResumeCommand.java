package org.caravanmta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;

/** {@code caravan resume}: ends a pause. */
@Command(name = "resume", mixinStandardHelpOptions = true,
        description = "Ends a pause; prints what is still paused.")
final class ResumeCommand extends MessagesCommand {

    @Override
    ObjectNode request() {
        return RunningGateway.request("resume");
    }

    @Override
    void print(ObjectNode answer) {
        printPaused(answer);
    }
}
