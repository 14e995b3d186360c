package org.caravanmta.config;

import java.util.List;

/**
 * A named way out: its own source addresses, host name, policy and queues.
 *
 * @param name        unique, may be {@link #DEFAULT}
 * @param sourceHosts used round robin; empty only for {@link #DEFAULT}, which binds no address and says the host name
 * @param domains     settings by destination pattern that hold for this VirtualMTA only
 */
public record VirtualMta(String name, List<CaravanConfig.SourceHost> sourceHosts, Domains domains) {

    /** The built-in VirtualMTA of mail that nothing else claims. */
    public static final String DEFAULT = "{default}";
}
