package org.caravanmta.config;

import java.net.InetAddress;

/** A network: the first {@code prefixLength} bits of {@code network} (4 or 16 bytes). */
public record Cidr(byte[] network, int prefixLength) {

    public static final Cidr ALL_V4 = new Cidr(new byte[4], 0);

    public boolean contains(InetAddress address) {
        byte[] a = address.getAddress();
        if (a.length != network.length)
            return false;
        int whole = prefixLength >> 3;
        for (int i = 0; i < whole; i++)
            if (a[i] != network[i])
                return false;
        int rest = prefixLength & 7;
        return rest == 0 || ((a[whole] ^ network[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }
}
