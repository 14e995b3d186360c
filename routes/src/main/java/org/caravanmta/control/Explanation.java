package org.caravanmta.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.Origins;
import org.caravanmta.config.Origins.Value;
import org.caravanmta.delivery.QueueReport;
import org.caravanmta.gateway.Gateway;
import org.caravanmta.operate.Operator.QueueView;
import org.caravanmta.steering.QueuePattern;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Why one queue is as fast as it is. */
final class Explanation {

    /** What decides about the speed of a queue, of its own settings and of its VirtualMTA's. */
    private static final Set<String> SPEED = Set.of("smtp-hosts", "max-smtp-out", "max-msg-rate", "max-connect-rate",
            "max-data-volume-rate", "max-msg-per-connection", "max-rcpt-per-transaction", "max-errors-per-connection",
            "smtp-out-rampup-interval", "retry-after", "retry-after-dns-error", "bounce-after",
            "source-ip-max-smtp-out",
            "source-ip-max-msg-rate", "source-ip-max-connect-rate", "source-ip-max-data-volume-rate",
            "max-smtp-msg-rate", "max-smtp-data-volume-rate");

    private static final int MOST_JOBS = 10;

    private final Gateway gateway;
    private final Origins origins;

    Explanation(Gateway gateway, Origins origins) {
        this.gateway = gateway;
        this.origins = origins;
    }

    void of(String name, ObjectNode answer) {
        int slash = name == null ? -1 : name.indexOf('/');
        if (slash <= 0)
            throw new IllegalArgumentException("explain which queue? DOMAIN/VMTA, such as example.com/mta1");
        String domain = name.substring(0, slash);
        String virtualMta = name.substring(slash + 1);
        QueuePattern queue = QueuePattern.parse(name);
        if (queue.domain().scope() != DomainPattern.Scope.EXACT || virtualMta.equals(QueuePattern.ANY)
                || gateway.config().pools().containsKey(virtualMta))
            throw new IllegalArgumentException("\"" + name + "\" is more than one queue: explain which?");
        QueueView view = gateway.operator().queues(queue).stream().findFirst().orElse(null);
        List<Value> settings = deciding(origins.queue(virtualMta, domain));
        answer.put("queue", name);
        if (view != null)
            Views.queue(view, answer.putObject("now"));
        ArrayNode why = answer.putArray("why");
        String rollup = gateway.delivery().rollupOf(domain, virtualMta);
        if (rollup != null)
            why.add("its mail leaves by the queue of all domains with the same mail hosts: caravan explain " + rollup
                    + "/" + virtualMta);
        gateway.operator().jobsHeldUp(queue).entrySet().stream().limit(MOST_JOBS).forEach(
                j -> why.add("mail of job " + j.getKey() + " is held up by its " + j.getValue()));
        why(view, settings).forEach(why::add);
        if (view != null && view.report() != null)
            details(view.report(), answer);
        add(settings, answer.putArray("settings"));
        add(deciding(origins.virtualMta(virtualMta)), answer.putArray("virtualMtaSettings"));
    }

    private static List<Value> deciding(List<Value> all) {
        return all.stream().filter(v -> SPEED.contains(v.directive()) && v.value() != null && !v.value().isEmpty())
                .toList();
    }

    private static void add(List<Value> settings, ArrayNode list) {
        for (Value v : settings) {
            ObjectNode one = list.addObject().put("directive", v.directive()).put("value", v.value())
                    .put("layer", v.layer().toString());
            if (v.place() != null)
                one.put("place", v.place().toString());
        }
    }

    private static void details(QueueReport r, ObjectNode answer) {
        ArrayNode windows = answer.putArray("windows");
        r.windows().forEach(w -> windows.addObject().put("directive", w.directive()).put("used", w.used())
                .put("limit", w.limit()).put("perMs", w.perMs()));
        ArrayNode events = answer.putArray("events");
        r.events().forEach(e -> events.addObject().put("at", Instant.ofEpochMilli(e.atMs()).toString())
                .put("times", e.times()).put("text", e.text()));
    }

    /** The reasons, the one that matters most first. */
    private List<String> why(QueueView view, List<Value> settings) {
        if (view == null)
            return List.of("nothing waits in this queue and nothing was sent just now");
        List<String> why = new ArrayList<>();
        QueueReport r = view.report();
        String pause = r == null ? gateway.delivery().pauseReason(view.virtualMta()) : r.pauseReason();
        if (pause != null || view.paused())
            why.add(pause(pause == null ? "paused" : pause, view));
        if (r != null && r.dialling() > 0 && r.connections() == 0 && gateway.names().down())
            why.add("no name server answers (" + gateway.names().servers() + "): it waits until one does");
        if (r != null && r.nextAttemptMs() > 0)
            why.add("its last connection failed; the next is tried in " + in(r.nextAttemptMs())
                    + "; caravan retry tries at once");
        if (r != null && r.binding() != null && r.nextAttemptMs() == 0)
            why.add("held up by " + directive(r.binding(), settings) + window(r));
        if (r != null && r.binding() == null && r.busy() > 0 && r.inMemory() > 0)
            why.add("as fast as its " + r.connections() + " connections: " + r.busy() + " of them carry a message; "
                    + directive("max-smtp-out", settings));
        if (view.count().deferred() > 0)
            why.add(messages(view.count().deferred()) + " for a retry time, the first for "
                    + in(view.count().nextMs()));
        if (view.count().held() > 0)
            why.add(messages(view.count().held()) + " because the operator has paused their job or recipient");
        if (why.isEmpty())
            why.add(view.count().messages() == 0 ? "nothing waits in this queue" : "nothing holds it up");
        return why;
    }

    private static String messages(long count) {
        return count == 1 ? "1 message waits" : count + " messages wait";
    }

    private static String pause(String reason, QueueView view) {
        String queue = view.destination() + "/" + view.virtualMta();
        return switch (reason) {
            case "paused" -> "paused by the operator; caravan resume " + queue + " ends it";
            case "not configured" -> "its VirtualMTA is not configured: its mail waits until it is, or is moved with "
                    + "caravan move";
            case "no source address" -> "no source address of its VirtualMTA is on this machine";
            default -> reason;
        };
    }

    /** With value and place, when it is one of the settings at hand. */
    private static String directive(String name, List<Value> settings) {
        return settings.stream().filter(v -> v.directive().equals(name)).findFirst()
                .map(v -> name + " " + v.value() + (v.place() == null ? " (the default)" : " (" + v.place() + ")"))
                .orElse(name);
    }

    private static String window(QueueReport r) {
        return r.windows().stream().filter(w -> w.directive().equals(r.binding())).findFirst()
                .map(w -> ": " + w.used() + " of " + w.limit() + " used in the last "
                        + text(Duration.ofMillis(w.perMs())))
                .orElse("");
    }

    private static String in(long atMs) {
        return text(Duration.ofMillis(Math.max(0, atMs - System.currentTimeMillis())));
    }

    private static String text(Duration d) {
        long s = d.toSeconds();
        return s < 120 ? s + " s" : s < 7200 ? s / 60 + " min" : s / 3600 + " h";
    }
}
