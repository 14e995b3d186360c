package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caravan explain}: why a queue is as fast as it is. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = "Says why a queue is as slow as it is: what holds it up, and which line of the configuration.")
final class ExplainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DOMAIN/VMTA", description = "a queue such as example.com/mta1")
    private String queue;

    @Mixin
    private RunningGateway gateway;

    @Override
    public Integer call() throws IOException {
        return gateway.ask(RunningGateway.request("explain").put("queues", queue), ExplainCommand::print);
    }

    private static void print(ObjectNode answer) {
        System.out.println(answer.path("queue").asText());
        answer.path("why").forEach(w -> System.out.println("  " + w.asText()));
        JsonNode now = answer.path("now");
        if (!now.isMissingNode())
            System.out.println("\nnow\n  " + now.path("messages").asLong() + " messages to "
                    + now.path("recipients").asLong() + " recipients wait, " + now.path("connections").asInt()
                    + " connections, " + now.path("state").asText());
        if (!answer.path("windows").isEmpty())
            System.out.println("\nlimits by time");
        answer.path("windows").forEach(w -> System.out.println("  " + w.path("directive").asText() + ": "
                + w.path("used").asLong() + " of " + w.path("limit").asLong() + " in the last "
                + w.path("perMs").asLong() / 1000 + " s"));
        if (!answer.path("events").isEmpty())
            System.out.println("\nlast trouble");
        answer.path("events").forEach(e -> System.out.println("  " + LocalTimes.of(e.path("at").asText()) + "  "
                + TextTable.printable(e.path("text").asText())
                + (e.path("times").asInt() > 1 ? "  (" + e.path("times").asInt() + " times)"
                        : "")));
        print("settings of the queue", answer.path("settings"));
        print("settings of its VirtualMTA", answer.path("virtualMtaSettings"));
    }

    private static void print(String title, JsonNode settings) {
        TextTable table = new TextTable();
        settings.forEach(s -> table.row("  " + s.path("directive").asText(), s.path("value").asText(),
                s.path("layer").asText(), s.path("place").asText()));
        System.out.println("\n" + title + "\n" + table);
    }
}
