package org.caravanmta.config;

import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.IpAddress;
import org.caravanmta.config.value.Misunderstood;

/** {@code IP NAME}: the address to bind and the name to say in EHLO. */
record SourceHostGrammar() implements Grammar<SourceHost> {

    @Override
    public String expected() {
        return "IP NAME, such as 192.0.2.1 mta1.example.com";
    }

    @Override
    public SourceHost parse(String text) throws Misunderstood {
        String[] parts = text.split("\\s+");
        if (parts.length != 2)
            throw misunderstood(parts.length < 2 ? "both the address and the EHLO name are needed"
                    : "one address and one name per entry");
        try {
            return new SourceHost(new IpAddress().parse(parts[0]), new HostName().parse(parts[1]));
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }
}
