package org.caravanmta.control;

import java.time.Instant;
import java.util.List;

import org.caravanmta.accounting.AccountingExports;
import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.delivery.DeliveryCounters;
import org.caravanmta.delivery.QueueReport;
import org.caravanmta.gateway.Gateway;
import org.caravanmta.operate.Operator;
import org.caravanmta.operate.Operator.NamedView;
import org.caravanmta.operate.Operator.QueueView;
import org.caravanmta.operate.Operator.Waiting;
import org.caravanmta.message.Recipient;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueuePattern;
import org.caravanmta.submission.broker.LetterCounts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.netty.util.NetUtil;

/** What a gateway tells of itself, as JSON: times in ISO 8601 UTC, sizes in bytes, nothing null. */
final class Views {

    private static final int MOST_DNS_FAULTS = 20;

    private final Gateway gateway;
    private final Operator operator;
    private final ConfigFile configFile;
    private final Instant started = Instant.now();

    Views(Gateway gateway, ConfigFile configFile) {
        this.gateway = gateway;
        this.operator = gateway.operator();
        this.configFile = configFile;
    }

    void show(String what, QueuePattern which, int most, ObjectNode answer) {
        switch (what == null ? "" : what) {
            case "status" -> status(answer);
            case "queues" -> queues(operator.queues(which), most, answer);
            case "vmtas" -> named("vmtas", operator.virtualMtas(), most, answer);
            case "domains" -> named("domains", operator.domains(), most, answer);
            case "jobs" -> named("jobs", operator.jobs(), most, answer);
            default -> throw new IllegalArgumentException("show what? status, queues, vmtas, domains or jobs");
        }
    }

    private void status(ObjectNode answer) {
        DeliveryCounters out = gateway.delivery().counters();
        answer.put("hostName", gateway.config().hostName());
        answer.put("startedAt", started.toString());
        answer.put("configFile", configFile.path().toString());
        answer.put("configSince", configFile.since().toString());
        ArrayNode listeners = answer.putArray("listeners");
        gateway.listeners().forEach(l -> listeners.add(NetUtil.toSocketAddressString(l)));
        answer.put("nameServers", gateway.names().servers());
        answer.put("virtualMtas", gateway.config().virtualMtas().size());
        answer.put("pools", gateway.config().pools().size());
        ObjectNode recipients = answer.putObject("recipientsSinceStart");
        recipients.put("accepted", gateway.submission().recipients());
        recipients.put("delivered", out.delivered.sum());
        recipients.put("deferred", out.deferred.sum());
        recipients.put("bounced", out.bounced.sum());
        recipients.put("expired", out.expired.sum());
        recipients.put("deleted", out.deleted.sum());
        recipients.put("parked", out.parked.sum());
        answer.put("messagesWaiting", operator.messagesWaiting());
        answer.put("connectionsIn", gateway.connectionsIn());
        answer.put("connectionsOut", gateway.delivery().connectionsOut());
        pickups(answer);
        letters(answer);
        operator.paused().forEach(answer.putArray("paused")::add);
        ArrayNode accounting = answer.putArray("accounting");
        gateway.exports().status().forEach(e -> accounting.add(export(e)));
        dnsCheck(answer);
    }

    private void pickups(ObjectNode answer) {
        if (gateway.pickups().isEmpty())
            return;
        ArrayNode pickups = answer.putArray("pickup");
        gateway.pickups().forEach(p -> pickups
                .add(p.folder() + ": " + p.stored() + " files taken, " + p.refused() + " refused"));
    }

    private void letters(ObjectNode answer) {
        LetterCounts letters = gateway.brokerClients().letters();
        if (letters == null)
            return;
        ArrayNode listeners = answer.putArray("brokerListeners");
        gateway.brokerClients().addresses().forEach(l -> listeners.add(NetUtil.toSocketAddressString(l)));
        ObjectNode counts = answer.putObject("lettersSinceStart");
        counts.put("lettersDone", letters.done());
        counts.put("lettersParked", letters.parked());
        counts.put("lettersWaiting", letters.waiting());
    }

    private void dnsCheck(ObjectNode answer) {
        Instant at = gateway.names().checkedAt();
        if (at == null)
            return;
        List<String> faults = gateway.names().faults();
        answer.put("dnsCheckedAt", at.toString());
        answer.put("dnsFaults", faults.size());
        faults.stream().limit(MOST_DNS_FAULTS).forEach(answer.putArray("dnsFault")::add);
    }

    private static String export(AccountingExports.Status e) {
        return e.path() + ": " + e.behindMs() / 1000 + " s behind, " + e.waitingBytes() + " bytes wait"
                + (e.trouble() == null ? "" : ", " + e.trouble());
    }

    private static void queues(List<QueueView> queues, int most, ObjectNode answer) {
        answer.put("total", queues.size());
        ArrayNode list = answer.putArray("queues");
        queues.stream().limit(most).forEach(q -> queue(q, list.addObject()));
    }

    static void queue(QueueView q, ObjectNode one) {
        one.put("queue", q.destination() + "/" + q.virtualMta());
        one.put("recipients", q.count().recipients());
        one.put("messages", q.count().messages());
        one.put("bytes", q.count().bytes());
        one.put("deferred", q.count().deferred());
        one.put("held", q.count().held());
        QueueReport r = q.report();
        one.put("connections", r == null ? 0 : r.connections());
        one.put("state", q.paused() ? "paused" : r != null && r.nextAttemptMs() > 0 ? "waiting" : "normal");
        long next = r != null && r.nextAttemptMs() > 0 ? r.nextAttemptMs() : q.count().nextMs();
        if (next > 0)
            one.put("nextAttempt", Instant.ofEpochMilli(next).toString());
        if (q.count().messages() > 0)
            one.put("oldest", Instant.ofEpochMilli(q.count().oldestMs()).toString());
        String error = r != null && !r.events().isEmpty() ? r.events().getFirst().text() : q.count().lastFailure();
        if (error != null)
            one.put("lastError", error);
    }

    private static void named(String what, List<NamedView> views, int most, ObjectNode answer) {
        answer.put("total", views.size());
        ArrayNode list = answer.putArray(what);
        for (NamedView v : views.subList(0, Math.min(most, views.size()))) {
            ObjectNode one = list.addObject();
            one.put("name", v.count().name());
            one.put("recipients", v.count().recipients());
            one.put("messages", v.count().messages());
            one.put("bytes", v.count().bytes());
            one.put("deferred", v.count().deferred());
            one.put("connections", v.connections());
            one.put("state", v.paused() == null ? "normal" : v.paused());
        }
    }

    void list(MessageSelection which, int most, ObjectNode answer) {
        ArrayNode list = answer.putArray("messages");
        for (Waiting w : operator.list(which, most)) {
            ObjectNode one = list.addObject();
            one.put("queue", w.message().destination() + "/" + w.message().virtualMta());
            one.put("orig", w.message().reversePath() == null ? "" : w.message().reversePath());
            ArrayNode recipients = one.putArray("rcpt");
            w.message().recipients().stream().map(Recipient::address).forEach(recipients::add);
            one.put("queued", Instant.ofEpochMilli(w.message().queuedAtMs()).toString());
            one.put("bytes", w.message().content().sizeBytes());
            one.put("attempts", w.message().attempts());
            one.put("state", w.held() ? "held" : w.dueMs() > 0 ? "deferred" : "ready");
            put(one, "nextAttempt", w.dueMs() > 0 ? Instant.ofEpochMilli(w.dueMs()).toString() : null);
            put(one, "job", w.message().jobId());
            put(one, "envId", w.message().envId());
            put(one, "lastError", w.message().lastFailure());
        }
    }

    /** Those that hold records as files; paths as configured, from the home folder. */
    void accountingFiles(ObjectNode answer) {
        ArrayNode list = answer.putArray("files");
        for (AcctFile f : gateway.config().acctFiles()) {
            if (f.isPipe() || f.isWebhook())
                continue;
            ObjectNode one = list.addObject();
            one.put("path", f.path());
            put(one, "moveTo", f.rotation().moveTo());
            one.put("filtered", !f.filter().equals(AcctFile.Filter.NONE));
            ArrayNode types = one.putArray("types");
            f.records().forEach(t -> types.add(t.word()));
        }
    }

    private static void put(ObjectNode one, String name, String value) {
        if (value != null)
            one.put(name, value);
    }

    void explain(String queue, ObjectNode answer) {
        new Explanation(gateway, configFile.origins()).of(queue, answer);
    }
}
