package org.caravanmta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caravan list}: messages that wait. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists queued messages.")
final class ListCommand extends MessagesCommand {

    @Option(names = "--max-items", paramLabel = "N", defaultValue = "100",
            description = "at most so many (default: ${DEFAULT-VALUE})")
    private int maxItems;

    @Override
    ObjectNode request() {
        return RunningGateway.request("list").put("max-items", maxItems);
    }

    @Override
    void print(ObjectNode answer) {
        TextTable table = new TextTable().row("queue", "rcpt", "orig", "queued", "kbytes", "tries", "state", "next",
                "job", "last error");
        for (JsonNode m : answer.path("messages")) {
            int others = m.path("rcpt").size() - 1;
            table.row(m.path("queue").asText(),
                    m.path("rcpt").path(0).asText() + (others > 0 ? " +" + others : ""), m.path("orig").asText(),
                    LocalTimes.of(m.path("queued").asText()), Long.toString(m.path("bytes").asLong() + 1023 >> 10),
                    m.path("attempts").asText(), m.path("state").asText(),
                    LocalTimes.of(m.path("nextAttempt").asText()), m.path("job").asText(),
                    m.path("lastError").asText());
        }
        System.out.println(table);
    }
}
