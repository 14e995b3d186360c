package org.caravanmta.dnscheck;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

import org.caravanmta.dns.RecordLookup;
import org.caravanmta.dns.RecordLookup.Kind;
import org.caravanmta.dns.RecordLookup.Records;

/** What belongs to a source address and its EHLO name. Blocks. */
final class AddressChecks {

    private final RecordLookup dns;

    AddressChecks(RecordLookup dns) {
        this.dns = dns;
    }

    /** What kind of address it is when receivers never see it; null when they do. */
    static String privateKind(InetAddress ip) {
        byte[] b = ip.getAddress();
        if (ip.isLoopbackAddress())
            return "loopback";
        if (ip.isLinkLocalAddress())
            return "link-local";
        if (ip.isSiteLocalAddress() || b.length == 16 && (b[0] & 0xfe) == 0xfc)
            return "private";
        return b.length == 4 && b[0] == 100 && (b[1] & 0xc0) == 64 ? "carrier-grade NAT" : null;
    }

    /** Binding is the proof: addresses may be local without being on an interface. */
    Finding present(InetAddress ip) {
        try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(ip, 0))) {
            return Finding.OK;
        } catch (IOException _) {
            return Finding.fault(ip.getHostAddress() + " is not on this machine, so its mail waits",
                    "# on this machine: ip address add " + ip.getHostAddress()
                            + (ip.getAddress().length == 4 ? "/32" : "/128")
                            + " dev eth0");
        }
    }

    /** The PTR record names the EHLO name, as receivers want it. */
    Finding ptr(InetAddress ip, String ehloName) {
        String kind = privateKind(ip);
        if (kind != null)
            return hidden(ip, kind);
        Records found = dns.find(ZoneText.reverseName(ip), Kind.PTR);
        if (found.unknown())
            return Finding.unknown(found.detail());
        if (found.none())
            return Finding.fault(ip.getHostAddress() + " has no PTR record", ZoneText.ptr(ip, ehloName));
        List<String> names = found.texts().stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
        return names.contains(ehloName) ? Finding.OK
                : Finding
                        .fault("the PTR record of " + ip.getHostAddress() + " says " + names.getFirst() + ", EHLO says "
                                + ehloName, ZoneText.ptr(ip, ehloName));
    }

    /** The EHLO name leads to the address: with the PTR record that is forward-confirmed reverse DNS. */
    Finding ehlo(InetAddress ip, String ehloName) {
        String kind = privateKind(ip);
        if (kind != null)
            return hidden(ip, kind);
        Records found = dns.addresses(ehloName, ip);
        if (found.unknown())
            return Finding.unknown(found.detail());
        return found.texts().contains(ip.getHostAddress()) ? Finding.OK
                : Finding.fault(
                        ehloName + (found.none() ? " has no address" : " does not lead to " + ip.getHostAddress()),
                        ZoneText.address(ehloName, ip));
    }

    static Finding hidden(InetAddress ip, String kind) {
        return Finding.notSeen(ip.getHostAddress() + " is a " + kind + " address: receivers see another one");
    }
}
