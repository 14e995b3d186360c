package org.caravanmta.config;

/**
 * What a client of one network may do; all values effective (inheritance already applied).
 *
 * @param defaultVirtualMta the VirtualMTA of mail that names none; null means {@link VirtualMta#DEFAULT}
 */
public record Source(Cidr network, boolean smtpService, boolean alwaysAllowRelaying, boolean processXVirtualMta,
        boolean processXJob, boolean processXEnvid, String defaultVirtualMta, boolean addReceivedHeader,
        boolean hideMessageSource, boolean addMessageIdHeader, boolean addDateHeader, long maxMessageSizeBytes) {

    /** A client that no source names: may speak, may not relay. */
    public static final Source NOBODY = new Source(Cidr.ALL_V4, true, false, false, false, false, null, true, false,
            false, false, 0);
}
