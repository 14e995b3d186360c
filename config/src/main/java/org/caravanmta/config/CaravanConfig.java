package org.caravanmta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything an operator said, as one immutable snapshot. A reload builds a new one; an attempt keeps the snapshot it
 * began with.
 *
 * @param hostName      this machine's name: in the greeting, in Received, and the EHLO name of {@code {default}}
 * @param smtpListeners addresses that take SMTP, in file order
 * @param sources       who may hand mail in, by client address
 * @param virtualMtas   by name, in file order; always holds {@link VirtualMta#DEFAULT}
 * @param domains       settings by destination pattern, global layer
 * @param acctFiles     where accounting records go
 * @param nameServers   own DNS servers, in order; empty means the system's
 * @param smtpIn        limits of the SMTP server
 * @param smtpOut       limits of the whole outbound side
 * @param broker        how the embedded broker keeps its journal
 */
public record CaravanConfig(String hostName, List<InetSocketAddress> smtpListeners, Sources sources,
        Map<String, VirtualMta> virtualMtas, Domains domains, List<AcctFile> acctFiles,
        List<InetSocketAddress> nameServers, SmtpInLimits smtpIn, SmtpOutLimits smtpOut, BrokerSettings broker) {

    /** The settings of one queue {@code domain/vmta}: virtual-mta layer over the global layer. */
    public DomainSettings settings(String virtualMta, String domain) {
        VirtualMta v = virtualMtas.get(virtualMta);
        return v == null ? domains.settings(domain) : v.domains().over(domains).settings(domain);
    }

    /** Limits of the inbound side; {@code 0} means unlimited unless said otherwise. */
    public record SmtpInLimits(int totalMaxSmtpIn, int maxSmtpInPerClient, long maxMessageSizeBytes,
            int maxHeaderSizeBytes, int maxLineLengthBytes, int maxRcptPerMessage, int maxErrorsPerSession,
            int maxMessageHops, Duration commandTimeout, Duration dataTimeout) {
    }

    /**
     * Connections that all VirtualMTAs together may have.
     *
     * @param totalMaxSmtpOut at the same time; 0 is unlimited
     * @param toMx            from each source address to the hosts of a pattern together
     * @param toIp            from each source address to a receiving network together
     */
    public record SmtpOutLimits(int totalMaxSmtpOut, List<MxLimit> toMx, List<IpLimit> toIp) {
    }

    /** Connections to the hosts whose name matches. */
    public record MxLimit(DomainPattern hosts, int connections) {
    }

    /** Connections to the addresses of a network. */
    public record IpLimit(Cidr network, int connections) {
    }

    /**
     * @param journalBufferTimeout how long a journal write waits for company before it is synced (group commit)
     * @param globalMaxSizeBytes   memory for queued messages before queues page to disk
     * @param minFreeSpaceBytes    below this much free disk new mail is refused with 452
     */
    public record BrokerSettings(Duration journalBufferTimeout, long globalMaxSizeBytes, long minFreeSpaceBytes) {
    }

    /** One {@code smtp-source-host} entry: the address to bind and the name to say in EHLO. */
    public record SourceHost(InetAddress address, String ehloName) {
    }

    /** Where accounting records go. {@code path} is as written: relative to the home folder unless absolute. */
    public record AcctFile(String path, List<Character> records) {
    }
}
