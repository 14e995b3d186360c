package org.caravanmta.dnscheck;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

import org.caravanmta.dnscheck.Finding.Result;

/**
 * What a run found.
 *
 * @param sources each source address of each VirtualMTA that was asked for, in file order
 * @param publish what would mend the faults: records in zone file form, commands behind {@code #}; each once
 */
public record DnsReport(List<Source> sources, List<String> publish) {

    /** What is checked, in the order of the columns. */
    public enum Check {
        /** The address is on this machine. */
        IP,
        /** Its PTR record names the EHLO name. */
        PTR,
        /** The EHLO name leads back to the address. */
        EHLO,
        /** The return-path domains permit the address. */
        SPF,
        /** The keys are published. */
        DKIM,
        /** The domains have a DMARC policy, and mail that is as configured passes it. */
        DMARC;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One source address of a VirtualMTA. */
    public record Source(String virtualMta, InetAddress ip, String ehloName, Map<Check, Finding> findings) {
    }

    public long count(Result result) {
        return sources.stream().flatMap(s -> s.findings.values().stream()).filter(f -> f.result() == result).count();
    }
}
