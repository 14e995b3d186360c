package org.caravanmta.control;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.gateway.Gateway;
import org.caravanmta.gateway.ReloadRefusedException;
import org.caravanmta.operate.Operator;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueuePattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What can be asked of a running gateway. A request is an object with the command in {@code "do"} and its options by
 * name; the answer has {@code "ok"}, and either what was asked for or {@code "problems"}, a list of sentences.
 */
public final class Requests {

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    /** Fills in the answer. */
    @FunctionalInterface
    private interface Command {
        void run(ObjectNode request, ObjectNode answer) throws IOException, ReloadRefusedException;
    }

    private final Operator operator;
    private final ConfigFile configFile;
    private final Views views;
    private final Map<String, Command> commands = new LinkedHashMap<>();

    public Requests(Gateway gateway, ConfigFile configFile) {
        this.operator = gateway.operator();
        this.configFile = configFile;
        this.views = new Views(gateway, configFile);
        commands.put("reload", this::reload);
        commands.put("pause", this::pause);
        commands.put("resume", this::resume);
        commands.put("delete", (request, answer) -> answer.put("messages", operator.delete(narrowed(request))));
        commands.put("retry", (request, answer) -> answer.put("messages", operator.retry(selection(request))));
        commands.put("move", (request, answer) -> answer.put("messages",
                operator.move(narrowed(request), text(request, "to"))));
        commands.put("show", (request, answer) -> views.show(text(request, "what"), selection(request).queues(),
                most(request), answer));
        commands.put("list", (request, answer) -> views.list(selection(request),
                most(request), answer));
        commands.put("accounting-files", (request, answer) -> views.accountingFiles(answer));
        commands.put("explain", (request, answer) -> views.explain(text(request, "queues"), answer));
    }

    ObjectNode answer(ObjectNode request) {
        String name = request.path("do").asText();
        Command command = commands.get(name);
        if (command == null)
            return refusal("this gateway knows no command \"" + name + "\"; is it older than the program that asks?");
        ObjectNode answer = JsonLine.JSON.createObjectNode().put("ok", true);
        try {
            command.run(request, answer);
            return answer;
        } catch (ReloadRefusedException e) {
            return refusal(e.problems());
        } catch (IllegalArgumentException e) {
            return refusal(e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.error("{} failed", name, e);
            return refusal(name + " failed: " + e.getMessage());
        }
    }

    static ObjectNode refusal(String problem) {
        return refusal(List.of(problem));
    }

    private static ObjectNode refusal(List<String> problems) {
        ObjectNode answer = JsonLine.JSON.createObjectNode().put("ok", false);
        problems.forEach(answer.putArray("problems")::add);
        return answer;
    }

    private void reload(ObjectNode request, ObjectNode answer) throws ReloadRefusedException {
        configFile.reload().forEach(answer.putArray("warnings")::add);
    }

    private void pause(ObjectNode request, ObjectNode answer) throws IOException {
        operator.pause(selection(request));
        operator.paused().forEach(answer.putArray("paused")::add);
    }

    private void resume(ObjectNode request, ObjectNode answer) throws IOException {
        answer.put("changed", operator.resume(selection(request)));
        operator.paused().forEach(answer.putArray("paused")::add);
    }

    /** Everything at once is too much for a slip of the pen: something has to be said. */
    private static MessageSelection narrowed(ObjectNode request) {
        MessageSelection selection = selection(request);
        if (request.path("queues").isMissingNode() && selection.wholeQueues())
            throw new IllegalArgumentException("say which messages: a queue such as example.com/mta1, --job, --rcpt …; "
                    + "\"*/*\" is all");
        return selection;
    }

    private static MessageSelection selection(ObjectNode request) {
        String queues = text(request, "queues");
        return new MessageSelection(queues == null ? QueuePattern.EVERY : QueuePattern.parse(queues),
                text(request, "job"), text(request, "rcpt"), text(request, "orig"), text(request, "env-id"),
                number(request, "older-than-ms", 0));
    }

    /** Null when it is not said. What is said in another form must not pass for not said: that may mean everything. */
    private static String text(ObjectNode request, String name) {
        JsonNode value = request.path(name);
        if (!value.isMissingNode() && !value.isTextual())
            throw new IllegalArgumentException("\"" + name + "\" is no text");
        return value.isTextual() ? value.asText() : null;
    }

    private static int most(ObjectNode request) {
        return (int) Math.min(number(request, "max-items", Integer.MAX_VALUE), Integer.MAX_VALUE);
    }

    private static long number(ObjectNode request, String name, long otherwise) {
        JsonNode value = request.path(name);
        if (!value.isMissingNode() && (!value.isIntegralNumber() || value.asLong() < 0))
            throw new IllegalArgumentException("\"" + name + "\" is no number from 0");
        return value.asLong(otherwise);
    }
}
