package org.caravanmta.config;

import java.net.InetAddress;
import java.util.List;

/** A value that holds for the source addresses of a network. */
public record SourceValue<T>(Cidr network, T value) {

    /** The value of the most specific network that holds the address; {@code none} when there is none. */
    public static <T> T of(List<SourceValue<T>> values, InetAddress address, T none) {
        SourceValue<T> best = null;
        for (SourceValue<T> v : values)
            if (v.network().contains(address)
                    && (best == null || v.network().prefixLength() > best.network().prefixLength()))
                best = v;
        return best == null ? none : best.value();
    }
}
