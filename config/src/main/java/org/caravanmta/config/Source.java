package org.caravanmta.config;

import java.util.Set;

/**
 * What a client of one network may do; all values effective (inheritance already applied).
 *
 * @param name              of the named source that lies over the network; null when there is none
 * @param network           the most specific one that holds the client
 * @param defaultVirtualMta the VirtualMTA or pool of mail that names none, or {@link #BY_SMTP_SOURCE_IP}; null means
 *                          {@link VirtualMta#DEFAULT}
 * @param rejectInvalidVirtualMta whether a message that names an unknown VirtualMTA is refused
 * @param patternList       chooses for mail that names none; null when there is none
 * @param allowedVirtualMtas names of VirtualMTAs and pools that may be asked for, or {@link #ALL} alone
 * @param processXDkimOptions whether a message may ask for a key and an identity
 * @param allowStarttls     whether STARTTLS is offered, where there is a certificate
 * @param reporting         what becomes of delivery status notifications about its mail
 */
public record Source(String name, Cidr network, boolean smtpService, boolean alwaysAllowRelaying,
        boolean processXVirtualMta, boolean processXJob, boolean processXEnvid, String defaultVirtualMta,
        boolean addReceivedHeader, boolean hideMessageSource, boolean addMessageIdHeader, boolean addDateHeader,
        long maxMessageSizeBytes, boolean rejectInvalidVirtualMta, PatternList patternList,
        Set<String> allowedVirtualMtas, boolean processXDkimOptions, boolean allowStarttls, Reporting reporting) {

    /** As {@code default-virtual-mta}: the VirtualMTA whose own address the client connected to. */
    public static final String BY_SMTP_SOURCE_IP = "by-smtp-source-ip";

    /** In {@code allowed-virtual-mtas}: every VirtualMTA and pool. */
    public static final String ALL = "*";

    /** A client that no source names: may speak, may not relay. */
    public static final Source NOBODY = new Source(null, Cidr.ALL_V4, true, false, false, false, false, null, true,
            false, false, false, 0, true, null, Set.of(ALL));

    /** Who can write into a folder of ours, unless a source of that name says otherwise. */
    public static final Source LOCAL = new Source(null, Cidr.ALL_V4, false, true, true, true, true, null, true,
            false, false, false, 0, true, null, Set.of(ALL));

    /** One that does not ask for keys, and may speak TLS. */
    public Source(String name, Cidr network, boolean smtpService, boolean alwaysAllowRelaying,
            boolean processXVirtualMta, boolean processXJob, boolean processXEnvid, String defaultVirtualMta,
            boolean addReceivedHeader, boolean hideMessageSource, boolean addMessageIdHeader, boolean addDateHeader,
            long maxMessageSizeBytes, boolean rejectInvalidVirtualMta, PatternList patternList,
            Set<String> allowedVirtualMtas) {
        this(name, network, smtpService, alwaysAllowRelaying, processXVirtualMta, processXJob, processXEnvid,
                defaultVirtualMta, addReceivedHeader, hideMessageSource, addMessageIdHeader, addDateHeader,
                maxMessageSizeBytes, rejectInvalidVirtualMta, patternList, allowedVirtualMtas, false, true,
                Reporting.DEFAULT);
    }

    /**
     * Delivery status notifications (RFC 3464) about mail of a source.
     *
     * @param suppressed    none are made
     * @param fullByDefault they return the whole message where the sender does not say
     */
    public record Reporting(boolean suppressed, boolean fullByDefault) {

        public static final Reporting DEFAULT = new Reporting(false, false);
    }

    /** Whether mail of this source may ask for that VirtualMTA or pool. */
    public boolean mayUse(String virtualMta) {
        return allowedVirtualMtas.contains(virtualMta) || allowedVirtualMtas.contains(ALL);
    }

    /** The name, or the network when there is none; for people. */
    public String label() {
        return name == null ? network.toString() : name;
    }
}
