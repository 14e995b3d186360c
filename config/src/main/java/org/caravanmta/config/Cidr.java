package org.caravanmta.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

import org.caravanmta.config.value.Misunderstood;

/**
 * A network: the first {@code prefixLength} bits of {@code network} (4 or 16 bytes). Bits behind the prefix are always
 * zero, so that equal networks are equal records.
 */
public record Cidr(byte[] network, int prefixLength) {

    public static final Cidr ALL_V4 = new Cidr(new byte[4], 0);

    public Cidr {
        if (network.length != 4 && network.length != 16)
            throw new IllegalArgumentException("a network has 4 or 16 bytes");
        if (prefixLength < 0 || prefixLength > network.length * 8)
            throw new IllegalArgumentException("prefix length " + prefixLength);
        network = network.clone();
        for (int bit = prefixLength; bit < network.length * 8; bit++)
            network[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
    }

    /**
     * {@code 10.0.0.0/8}, the short forms {@code 10/8} and {@code 0/0}, {@code 2001:db8::/32}, or one address.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static Cidr parse(String text) {
        try {
            return new CidrGrammar().parse(text);
        } catch (Misunderstood e) {
            throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
        }
    }

    /** A copy. */
    @Override
    public byte[] network() {
        return network.clone();
    }

    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** Whether every address of {@code other} is also in this network. */
    public boolean contains(Cidr other) {
        return prefixLength <= other.prefixLength && contains(other.network);
    }

    private boolean contains(byte[] a) {
        if (a.length != network.length)
            return false;
        int whole = prefixLength >> 3;
        for (int i = 0; i < whole; i++)
            if (a[i] != network[i])
                return false;
        int rest = prefixLength & 7;
        return rest == 0 || ((a[whole] ^ network[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Cidr(byte[] n, int p) && p == prefixLength && Arrays.equals(n, network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixLength;
    }

    /** {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + prefixLength;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
