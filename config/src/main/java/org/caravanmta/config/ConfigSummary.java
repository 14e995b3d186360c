package org.caravanmta.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Size;

/** A configuration in a few lines, so that an operator sees at a glance whether it is what was meant. */
public final class ConfigSummary {

    private static final int MOST_LINES = 20;

    private final StringBuilder text = new StringBuilder();

    private ConfigSummary() {
    }

    /** Several lines, each ending in a newline. Long lists are cut after some lines and say how many are left out. */
    public static String of(CaravanConfig config) {
        ConfigSummary s = new ConfigSummary();
        s.lines("host name", List.of(config.hostName()));
        s.lines("SMTP listeners", config.smtpListeners().stream().map(ConfigSummary::listener).toList());
        if (!config.pickups().isEmpty())
            s.lines("pickup", config.pickups().stream()
                    .map(p -> p.folder() + ", refused files in " + p.bad() + ", with the rights of " + p.source())
                    .toList());
        if (config.serverTls() != null)
            s.lines("TLS in", List.of(config.serverTls().toString()));
        s.lines("sources", sources(config.sources()));
        s.virtualMtas(config);
        if (!config.pools().isEmpty())
            s.lines("pools", config.pools().values().stream().map(ConfigSummary::pool).toList());
        if (!config.signingKeys().none())
            s.lines("DKIM keys", config.signingKeys().all().map(SigningKey::toString).distinct().toList());
        s.lines("domains", config.domains().patterns().stream()
                .map(p -> p + ": " + domain(config.domains().settings(example(p)))).toList());
        s.lines("accounting", config.acctFiles().stream()
                .map(f -> f.path() + ": " + f.records().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .toList());
        return s.text.toString();
    }

    private void virtualMtas(CaravanConfig config) {
        Map<String, Integer> byPool = new HashMap<>();
        for (VirtualMtaPool p : config.pools().values())
            for (VirtualMtaPool.Member m : p.members())
                byPool.merge(m.virtualMta(), p.domains().patterns().size(), Integer::sum);
        lines("VirtualMTAs", config.virtualMtas().values().stream()
                .map(v -> virtualMta(v, v.domains().patterns().size() - byPool.getOrDefault(v.name(), 0), config))
                .toList());
    }

    private void lines(String title, List<String> lines) {
        List<String> shown = new ArrayList<>(lines.size() > MOST_LINES ? lines.subList(0, MOST_LINES) : lines);
        if (lines.size() > MOST_LINES)
            shown.add("… and " + (lines.size() - MOST_LINES) + " more");
        if (shown.isEmpty())
            shown.add("none");
        for (int i = 0; i < shown.size(); i++)
            text.append("%-16s%s%n".formatted(i == 0 ? title : "", shown.get(i)));
    }

    private static List<String> sources(Sources sources) {
        List<String> lines = new ArrayList<>(sources.list().stream().map(ConfigSummary::source).toList());
        sources.named().values().forEach(over -> lines.add(source(over.others())));
        return lines;
    }

    private static String source(Source s) {
        List<String> rights = new ArrayList<>();
        rights.add(s.smtpService() ? s.alwaysAllowRelaying() ? "may relay" : "may not relay" : "refused");
        if (s.processXVirtualMta())
            rights.add("may choose with x-virtual-mta");
        if (!s.allowedVirtualMtas().contains(Source.ALL))
            rights.add("may use " + s.allowedVirtualMtas().size() + " VirtualMTAs or pools");
        if (s.patternList() != null)
            rights.add("pattern list " + s.patternList().name());
        rights.add("default " + (s.defaultVirtualMta() == null ? VirtualMta.DEFAULT : s.defaultVirtualMta()));
        if (s.maxMessageSizeBytes() > 0)
            rights.add("at most " + Size.text(s.maxMessageSizeBytes()));
        return s.label() + ": " + String.join(", ", rights);
    }

    /** @param own patterns that hold for this VirtualMTA only */
    private static String virtualMta(VirtualMta v, int own, CaravanConfig config) {
        String hosts = v.sourceHosts().isEmpty() ? "any address of the machine, " + config.hostName()
                : v.sourceHosts().stream().map(h -> h.address().getHostAddress() + " " + h.ehloName())
                        .collect(Collectors.joining(", "));
        return v.name() + ": " + hosts + (own == 0 ? "" : " (own settings for " + own + " domains)");
    }

    private static String pool(VirtualMtaPool p) {
        String members = p.members().stream().limit(10).map(VirtualMtaPool.Member::toString)
                .collect(Collectors.joining(", "));
        int more = p.members().size() - 10;
        int own = p.domains().patterns().size();
        return p.name() + ": " + members + (more > 0 ? " and " + more + " more" : "")
                + (p.sticky() == null ? "" : ", sticky by " + p.sticky())
                + (own == 0 ? "" : " (own settings for " + own + " domains)");
    }

    private static String domain(DomainSettings d) {
        String way = d.smtpHosts().isEmpty() ? "by MX"
                : "by " + d.smtpHosts().stream()
                        .map(level -> level.stream().map(h -> (h.lookupMx() ? "the MXs of " : "")
                                + h.host() + ":" + h.port()).collect(Collectors.joining(", ")))
                        .collect(Collectors.joining("; "));
        return way + ", " + d.maxSmtpOut() + " connections, rate " + d.maxMsgRate() + ", bounce after "
                + Interval.text(d.bounceAfter());
    }

    /** A domain that the pattern holds for. */
    static String example(String pattern) {
        if (pattern.equals("*"))
            return "";
        if (pattern.startsWith("[*.]"))
            return pattern.substring(4);
        if (pattern.startsWith("["))
            return pattern.substring(0, pattern.indexOf('/')) + "]";
        return pattern.startsWith("*.") ? "any" + pattern.substring(1) : pattern;
    }

    private static String listener(SmtpListener l) {
        return l + (l.source() == null ? "" : " source " + l.source()) + (l.immediateTls() ? " immediate TLS" : "");
    }
}
