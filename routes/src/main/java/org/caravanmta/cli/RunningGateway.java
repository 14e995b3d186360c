package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

import org.caravanmta.control.ControlClient;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Option;

/** {@code --home} and {@code --json}, and how a command asks the gateway that runs there. */
final class RunningGateway {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "var",
            description = "the home of the running gateway (default: ${DEFAULT-VALUE})")
    private Path home;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    static ObjectNode request(String command) {
        return JSON.createObjectNode().put("do", command);
    }

    /**
     * Prints the answer as JSON, or lets {@code text} print it.
     *
     * @return the exit code: 0, or 1 when the gateway refused or none runs
     */
    int ask(ObjectNode request, Consumer<ObjectNode> text) throws IOException {
        ObjectNode answer;
        try {
            answer = ControlClient.ask(home, request);
        } catch (IOException e) {
            System.err.println("caravan: " + e.getMessage());
            return 1;
        }
        boolean ok = answer.path("ok").asBoolean();
        if (json)
            System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
        else if (ok)
            text.accept(answer);
        else
            answer.path("problems").forEach(p -> System.err.println("caravan: " + p.asText()));
        return ok ? 0 : 1;
    }
}
