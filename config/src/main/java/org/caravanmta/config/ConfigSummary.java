package org.caravanmta.config;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
        s.lines("SMTP listeners", config.smtpListeners().stream().map(ConfigSummary::endpoint).toList());
        s.lines("sources", config.sources().list().stream().map(ConfigSummary::source).toList());
        s.lines("VirtualMTAs", config.virtualMtas().values().stream().map(v -> virtualMta(v, config)).toList());
        s.lines("domains", config.domains().patterns().stream()
                .map(p -> p + ": " + domain(config.domains().settings(example(p)))).toList());
        s.lines("accounting", config.acctFiles().stream()
                .map(f -> f.path() + ": " + f.records().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .toList());
        return s.text.toString();
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

    private static String source(Source s) {
        List<String> rights = new ArrayList<>();
        rights.add(s.smtpService() ? s.alwaysAllowRelaying() ? "may relay" : "may not relay" : "refused");
        if (s.processXVirtualMta())
            rights.add("may choose with x-virtual-mta");
        rights.add("default " + (s.defaultVirtualMta() == null ? VirtualMta.DEFAULT : s.defaultVirtualMta()));
        if (s.maxMessageSizeBytes() > 0)
            rights.add("at most " + Size.text(s.maxMessageSizeBytes()));
        return s.network() + ": " + String.join(", ", rights);
    }

    private static String virtualMta(VirtualMta v, CaravanConfig config) {
        String hosts = v.sourceHosts().isEmpty() ? "any address of the machine, " + config.hostName()
                : v.sourceHosts().stream().map(h -> h.address().getHostAddress() + " " + h.ehloName())
                        .collect(Collectors.joining(", "));
        List<String> own = v.domains().patterns();
        return v.name() + ": " + hosts + (own.isEmpty() ? "" : " (own settings for " + own.size() + " domains)");
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
    private static String example(String pattern) {
        if (pattern.equals("*"))
            return "";
        if (pattern.startsWith("[*.]"))
            return pattern.substring(4);
        if (pattern.startsWith("["))
            return pattern.substring(0, pattern.indexOf('/')) + "]";
        return pattern.startsWith("*.") ? "any" + pattern.substring(1) : pattern;
    }

    private static String endpoint(InetSocketAddress a) {
        String host = a.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + a.getPort();
    }
}
