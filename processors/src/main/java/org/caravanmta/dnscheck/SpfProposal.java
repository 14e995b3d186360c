package org.caravanmta.dnscheck;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The SPF record that a domain should have, gathered from all addresses that it lacks. Any thread. */
final class SpfProposal {

    private final String domain;
    private final String published;
    private final TreeSet<InetAddress> lacking = new TreeSet<>(
            Comparator.<InetAddress>comparingInt(a -> a.getAddress().length)
                    .thenComparing(InetAddress::getAddress, java.util.Arrays::compareUnsigned));

    /** @param published the record that is there; null when there is none or it is to be replaced */
    SpfProposal(String domain, String published) {
        this.domain = domain;
        this.published = published;
    }

    synchronized void permit(InetAddress ip) {
        lacking.add(ip);
    }

    /** The record in zone file form; its terms stand in front of what is there. */
    synchronized String record() {
        StringBuilder terms = new StringBuilder("v=spf1");
        blocks(lacking).forEach(t -> terms.append(' ').append(t));
        if (published == null)
            return ZoneText.txt(domain, terms.append(" -all").toString());
        return ZoneText.txt(domain, terms + published.substring("v=spf1".length()));
    }

    private record Block(byte[] first, int bits) {

        /** The block that both make when they are the halves of one; null when they do not. */
        Block with(Block other) {
            if (bits != other.bits || bits == 0 || first.length != other.first.length)
                return null;
            byte[] sibling = first.clone();
            sibling[(bits - 1) / 8] ^= (byte) (0x80 >> (bits - 1) % 8);
            return java.util.Arrays.equals(sibling, other.first) && java.util.Arrays.compareUnsigned(first, sibling) < 0
                    ? new Block(first, bits - 1) : null;
        }

        String term() {
            try {
                String ip = InetAddress.getByAddress(first).getHostAddress();
                return (first.length == 4 ? "ip4:" : "ip6:") + ip + (bits == first.length * 8 ? "" : "/" + bits);
            } catch (java.net.UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The fewest networks that hold exactly these addresses. */
    static List<String> blocks(Iterable<InetAddress> sorted) {
        List<Block> stack = new ArrayList<>();
        for (InetAddress ip : sorted) {
            stack.add(new Block(ip.getAddress(), ip.getAddress().length * 8));
            while (stack.size() > 1) {
                Block both = stack.get(stack.size() - 2).with(stack.getLast());
                if (both == null)
                    break;
                stack.removeLast();
                stack.set(stack.size() - 1, both);
            }
        }
        return stack.stream().map(Block::term).toList();
    }
}
