package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Mixin;

/** A command to a running gateway about some of its queued messages. */
abstract class MessagesCommand implements Callable<Integer> {

    @Mixin
    private RunningGateway gateway;

    @Mixin
    private MessageOptions messages;

    /** The command with its own options, to which those that say which messages are added. */
    abstract ObjectNode request();

    abstract void print(ObjectNode answer);

    @Override
    public Integer call() throws IOException {
        return gateway.ask(messages.into(request()), this::print);
    }

    /** For {@code pause} and {@code resume}: all that is paused now. */
    static void printPaused(ObjectNode answer) {
        if (answer.path("paused").isEmpty())
            System.out.println("nothing is paused");
        answer.path("paused").forEach(p -> System.out.println(p.asText()));
    }
}
