package org.caravanmta.config;

import java.util.List;

/**
 * A named way out: its own source addresses, host name, policy and queues.
 *
 * @param name        unique, may be {@link #DEFAULT}
 * @param sourceHosts used round robin; empty only for {@link #DEFAULT}, which binds no address and says the host name
 * @param domains     settings by destination pattern that hold for this VirtualMTA only
 * @param limits      what all its queues together may use
 */
public record VirtualMta(String name, List<CaravanConfig.SourceHost> sourceHosts, Domains domains, Limits limits) {

    /** The built-in VirtualMTA of mail that nothing else claims. */
    public static final String DEFAULT = "{default}";

    /** What all queues of a VirtualMTA together may use. {@code maxSmtpOut} 0 is unlimited. */
    public record Limits(int maxSmtpOut, Rate maxSmtpMsgRate, Rate maxSmtpDataVolumeRate) {

        public static final Limits NONE = new Limits(0, Rate.UNLIMITED, Rate.UNLIMITED);
    }
}
