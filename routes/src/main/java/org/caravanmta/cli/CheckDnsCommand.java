package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dnscheck.DnsCheck;
import org.caravanmta.dnscheck.DnsReport;
import org.caravanmta.dnscheck.Finding.Result;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan check-dns}: whether what is published fits the VirtualMTAs (exit 0), or not or not surely (exit 1). */
@Command(name = "check-dns", mixinStandardHelpOptions = true,
        description = "Checks every source address and domain of the VirtualMTAs: address, PTR, EHLO name, SPF, DKIM, DMARC; "
                + "and says what to publish.")
final class CheckDnsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "VMTA | POOL", arity = "0..*", description = "only these; without any, all of them")
    private List<String> names = List.of();

    @Mixin
    private ConfigOption config;

    @Option(names = "--from", paramLabel = "DOMAIN",
            description = "a domain that mail is from, beside those of check-dns-from and of the keys; may be repeated")
    private List<String> from = List.of();

    @Option(names = "--all", description = "show the lines that are fine even where there are many")
    private boolean all;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        CaravanConfig read = config.read(System.err);
        if (read == null)
            return 2;
        List<VirtualMta> chosen = new ArrayList<>();
        List<String> domains = new ArrayList<>();
        String refusal = choose(read, chosen);
        refusal = refusal == null ? domains(domains) : refusal;
        if (refusal != null) {
            System.err.println("caravan: " + refusal);
            return 2;
        }
        DnsReport report;
        try (RecordLookup dns = new RecordLookup(read.nameServers(), read.dns().ednsUdpLength());
                Progress progress = new Progress(DnsCheck.sources(chosen))) {
            report = new DnsCheck(read, domains, dns).run(chosen, progress);
        }
        System.out.println(json ? DnsReportText.json(report) : DnsReportText.text(report, all));
        return report.count(Result.FAULT) + report.count(Result.UNKNOWN) == 0 ? 0 : 1;
    }

    private String choose(CaravanConfig read, List<VirtualMta> chosen) {
        Set<String> wanted = new LinkedHashSet<>();
        for (String name : names) {
            VirtualMtaPool pool = read.pools().get(name);
            if (pool != null)
                pool.members().forEach(m -> wanted.add(m.virtualMta()));
            else if (read.virtualMtas().containsKey(name))
                wanted.add(name);
            else
                return "no VirtualMTA or pool is called " + name + NearestWord.of(name, read.virtualMtas().keySet())
                        .or(() -> NearestWord.of(name, read.pools().keySet())).map(n -> "; did you mean " + n + "?")
                        .orElse("");
        }
        read.virtualMtas().values().stream().filter(v -> wanted.isEmpty() || wanted.contains(v.name()))
                .forEach(chosen::add);
        return DnsCheck.sources(chosen) > 0 ? null : "none of them has a smtp-source-host: there is nothing to check";
    }

    private String domains(List<String> domains) {
        for (String d : from)
            try {
                domains.add(new HostName().parse(d));
            } catch (Misunderstood e) {
                return "--from " + d + ": " + e.hint();
            }
        return null;
    }
}
