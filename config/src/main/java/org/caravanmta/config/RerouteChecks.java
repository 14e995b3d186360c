package org.caravanmta.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.CaravanConfig.QueueName;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Problem;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;

/**
 * Follows every {@code queue-to} and {@code reroute-to-virtual-mta} to its end: both must name something, and none may
 * lead back to where it began. A place is told once, however many VirtualMTAs its block holds for.
 */
final class RerouteChecks {

    private final Problems problems;
    private final VirtualMtaNames names;
    private final Set<Settings.Place> told = new HashSet<>();

    RerouteChecks(Problems problems, VirtualMtaNames names) {
        this.problems = problems;
        this.names = names;
    }

    void check(CaravanConfig config) {
        if (says(config.domains()))
            for (String start : starts(config))
                blocks(config.domains(), start, config);
        for (VirtualMta v : config.virtualMtas().values())
            if (says(v.domains()))
                blocks(v.domains(), v.name(), config);
    }

    /** One VirtualMTA stands for all that say nothing of their own. */
    private static List<String> starts(CaravanConfig config) {
        List<String> starts = new ArrayList<>();
        boolean plain = false;
        for (VirtualMta v : config.virtualMtas().values())
            if (says(v.domains()))
                starts.add(v.name());
            else if (!plain)
                plain = starts.add(v.name());
        return starts;
    }

    private static boolean says(Domains domains) {
        return domains instanceof DomainLayers layers && layers.rerouteAny();
    }

    private void blocks(Domains domains, String virtualMta, CaravanConfig config) {
        ((DomainLayers) domains).forEach((pattern, settings) -> {
            if (rightDomain(settings) & rightVirtualMta(settings))
                follow(pattern, settings, virtualMta, config);
        });
    }

    private boolean rightDomain(Settings said) {
        String domain = said.get(DomainKeys.QUEUE_TO);
        if (domain.isEmpty())
            return true;
        try {
            new HostName().parse(domain);
            return true;
        } catch (Misunderstood m) {
            tell(said.place(DomainKeys.QUEUE_TO), Problems.quote(domain), "a domain", m.hint());
            return false;
        }
    }

    private boolean rightVirtualMta(Settings said) {
        String name = said.get(DomainKeys.REROUTE_TO_VIRTUAL_MTA);
        if (name.isEmpty() || names.virtualMtas().contains(name))
            return true;
        tell(said.place(DomainKeys.REROUTE_TO_VIRTUAL_MTA), Problems.quote(name), "the name of a virtual-mta",
                names.virtualMtaHint(name));
        return false;
    }

    private void follow(DomainPattern pattern, Settings said, String virtualMta, CaravanConfig config) {
        boolean queueTo = said.says(DomainKeys.QUEUE_TO);
        if (!queueTo && !said.says(DomainKeys.REROUTE_TO_VIRTUAL_MTA))
            return;
        boolean literal = queueTo && pattern.scope() == DomainPattern.Scope.EXACT;
        List<String> way = new ArrayList<>();
        QueueName here = new QueueName(HostName.ascii(ConfigSummary.example(pattern.toString())), virtualMta);
        while (here != null && !way.contains(here.toString())) {
            way.add(here.toString());
            here = step(here, way.size() == 1 && literal, config);
        }
        if (here != null && way.indexOf(here.toString()) <= 1)
            tell(said.place(queueTo ? DomainKeys.QUEUE_TO : DomainKeys.REROUTE_TO_VIRTUAL_MTA),
                    "a loop: " + String.join(" to ", way) + " to " + here, "mail to come to a queue",
                    "take one of the steps away; \"\" ends an inherited one");
    }

    /** @param literal a domain that is written out cannot mean itself */
    private static QueueName step(QueueName from, boolean literal, CaravanConfig config) {
        VirtualMta v = config.virtualMtas().get(from.virtualMta());
        if (v == null)
            return null; // which has been told
        Domains.Reroute r = v.domains().over(config.domains()).reroute(from.domain());
        if (r.queueTo() != null && (literal || !r.queueTo().equals(from.domain())))
            return new QueueName(r.queueTo(), from.virtualMta());
        if (r.virtualMta() != null && !r.virtualMta().equals(from.virtualMta()))
            return new QueueName(from.domain(), r.virtualMta());
        return null;
    }

    private void tell(Settings.Place place, String found, String expected, String hint) {
        if (told.add(place))
            problems.add(new Problem(place.file(), place.line(), 1, found, expected, hint));
    }
}
