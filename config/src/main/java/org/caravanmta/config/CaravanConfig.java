package org.caravanmta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.bounce.CategoryPattern;
import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.config.trust.PolicyTrust;

/**
 * Everything an operator said, as one immutable snapshot. A reload builds a new one; an attempt keeps the snapshot it
 * began with.
 *
 * @param hostName      this machine's name: in the greeting, in Received, and the EHLO name of {@code {default}}
 * @param smtpListeners addresses that take SMTP, in file order
 * @param pickups       directories out of which files are taken as mail, in file order
 * @param sources       who may hand mail in, by client address
 * @param virtualMtas   by name, in file order; always holds {@link VirtualMta#DEFAULT}
 * @param pools         by name, in file order; no name is also a VirtualMTA's
 * @param jobs          what single jobs may use
 * @param invalidVirtualMtaFallback the VirtualMTA or pool of mail that names an unknown one and is not refused; null
 *                      means {@link VirtualMta#DEFAULT}
 * @param domains       settings by destination pattern, global layer
 * @param bounceCategoryPatterns the operator's own bounce categories, asked in this order before ours
 * @param acctFiles     where accounting records go
 * @param nameServers   own DNS servers, in order; empty means the system's
 * @param smtpIn        limits of the SMTP server
 * @param smtpOut       limits of the whole outbound side
 * @param mxRollups     rollups by list, in the order in which they are asked
 * @param broker        how the embedded broker keeps its journal
 * @param signingKeys   what mail may be signed with
 * @param serverTls     how the SMTP server speaks TLS; null when it does not
 * @param dns           how DNS is asked
 * @param policyTrust   whom to trust when DANE records and MTA-STS policies are looked up
 * @param reports       delivery status notifications
 */
public record CaravanConfig(String hostName, List<SmtpListener> smtpListeners, List<PickupDirectory> pickups,
        Sources sources, Map<String, VirtualMta> virtualMtas, Map<String, VirtualMtaPool> pools, Jobs jobs,
        String invalidVirtualMtaFallback, Domains domains, List<CategoryPattern> bounceCategoryPatterns,
        List<AcctFile> acctFiles,
        List<InetSocketAddress> nameServers, SmtpInLimits smtpIn, SmtpOutLimits smtpOut, List<MxRollup> mxRollups,
        BrokerSettings broker, SigningKeys signingKeys, ServerTls serverTls, DnsSettings dns,
        PolicyTrust policyTrust, ReportSettings reports) {

    private static final int MOST_REROUTES = 100;

    /** The settings of one queue {@code domain/vmta}: virtual-mta layer over its pool's over the global layer. */
    public DomainSettings settings(String virtualMta, String domain) {
        return layers(virtualMta).settings(domain);
    }

    /** How the mail of one queue {@code domain/vmta} is signed; layers as of {@link #settings}. */
    public DkimSettings dkim(String virtualMta, String domain) {
        return layers(virtualMta).dkim(domain);
    }

    /** The settings of a destination that only {@code *} speaks of. */
    public DomainSettings generalSettings(String virtualMta) {
        return layers(virtualMta).settings("");
    }

    /**
     * Where mail is queued for which a VirtualMTA was chosen: {@code queue-to} is followed first, then
     * {@code reroute-to-virtual-mta}, and so on. One that names the queue mail is already in ends it.
     *
     * @return null when that is the queue {@code domain/virtualMta} itself
     */
    public QueueName reroute(String virtualMta, String domain) {
        String v = virtualMta;
        String d = domain;
        for (int i = 0; i < MOST_REROUTES; i++) { // a file has no loops; whoever builds a snapshot may err
            Domains.Reroute r = layers(v).reroute(d);
            if (r.queueTo() != null && !r.queueTo().equals(d))
                d = r.queueTo();
            else if (r.virtualMta() != null && !r.virtualMta().equals(v))
                v = r.virtualMta();
            else
                break;
        }
        return v.equals(virtualMta) && d.equals(domain) ? null : new QueueName(d, v);
    }

    private Domains layers(String virtualMta) {
        VirtualMta v = virtualMtas.get(virtualMta);
        return v == null ? domains : v.domains().over(domains);
    }

    /** A queue: mail of one destination through one VirtualMTA. */
    public record QueueName(String domain, String virtualMta) {

        @Override
        public String toString() {
            return domain + "/" + virtualMta;
        }
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
     * @param listeners            where its clients connect; empty when nobody can
     * @param users                who may, by name
     */
    public record BrokerSettings(Duration journalBufferTimeout, long globalMaxSizeBytes, long minFreeSpaceBytes,
            List<BrokerListener> listeners, Map<String, BrokerUser> users) {

        /** What a running broker cannot change. */
        public BrokerSettings fixed() {
            return new BrokerSettings(journalBufferTimeout, globalMaxSizeBytes, minFreeSpaceBytes, listeners, Map.of());
        }
    }

    /** One {@code smtp-source-host} entry: the address to bind and the name to say in EHLO. */
    public record SourceHost(InetAddress address, String ehloName) {
    }
}
