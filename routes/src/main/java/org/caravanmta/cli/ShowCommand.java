package org.caravanmta.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan show}: what a running gateway does. */
@Command(name = "show", mixinStandardHelpOptions = true,
        description = "Shows the state of the running gateway, its queues, VirtualMTAs, domains or jobs.")
final class ShowCommand implements Callable<Integer> {

    /** What there is to see. */
    enum What {
        status, queues, vmtas, domains, jobs
    }

    @Parameters(index = "0", paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}")
    private What what;

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUEUE",
            description = "only these queues: DOMAIN/VMTA, both may be *")
    private String queues;

    @Option(names = "--max-items", paramLabel = "N", defaultValue = "20",
            description = "at most so many lines (default: ${DEFAULT-VALUE})")
    private int maxItems;

    @Mixin
    private RunningGateway gateway;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = RunningGateway.request("show").put("what", what.name()).put("max-items", maxItems);
        if (queues != null)
            request.put("queues", queues);
        return gateway.ask(request, this::print);
    }

    private void print(ObjectNode answer) {
        switch (what) {
            case status -> status(answer);
            case queues -> queues(answer);
            default -> named(answer);
        }
    }

    private static void status(ObjectNode answer) {
        TextTable table = new TextTable();
        answer.properties().forEach(e -> {
            if (e.getValue().isObject())
                e.getValue().properties().forEach(p -> table.row(p.getKey(), p.getValue().asText()));
            else if (e.getValue().isArray())
                e.getValue().forEach(v -> table.row(e.getKey(), v.asText()));
            else if (!e.getKey().equals("ok"))
                table.row(e.getKey(), e.getKey().endsWith("At") || e.getKey().endsWith("Since")
                        ? LocalTimes.of(e.getValue().asText()) : e.getValue().asText());
        });
        System.out.println(table);
    }

    private void queues(ObjectNode answer) {
        TextTable table = new TextTable().row("queue", "#rcpt", "kbytes", "conn", "st", "retry", "last error");
        for (JsonNode q : answer.path("queues"))
            table.row(q.path("queue").asText(), q.path("recipients").asText(),
                    Long.toString(q.path("bytes").asLong() + 1023 >> 10), q.path("connections").asText(),
                    q.path("state").asText(), LocalTimes.of(q.path("nextAttempt").asText()),
                    q.path("lastError").asText());
        print(table, answer, answer.path("queues").size());
    }

    private void named(ObjectNode answer) {
        String name = what.name().substring(0, what.name().length() - 1);
        TextTable table = new TextTable().row(name, "#rcpt", "kbytes", "deferred", "conn", "st");
        for (JsonNode v : answer.path(what.name()))
            table.row(v.path("name").asText(), v.path("recipients").asText(),
                    Long.toString(v.path("bytes").asLong() + 1023 >> 10), v.path("deferred").asText(),
                    v.path("connections").asText(), v.path("state").asText());
        print(table, answer, answer.path(what.name()).size());
    }

    private static void print(TextTable table, ObjectNode answer, int shown) {
        System.out.println(table);
        int total = answer.path("total").asInt();
        if (total > shown)
            System.out.println("… and " + (total - shown) + " more; --max-items shows them");
    }
}
