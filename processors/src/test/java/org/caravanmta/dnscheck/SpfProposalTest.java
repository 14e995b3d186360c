package org.caravanmta.dnscheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class SpfProposalTest {

    private static String record(String published, String... ips) {
        SpfProposal p = new SpfProposal("a.test", published);
        for (String ip : ips)
            p.permit(InetAddress.ofLiteral(ip));
        return p.record();
    }

    @Test
    void whatIsThereStaysAndComesBehind() {
        assertThat(record(null, "192.0.2.7")).isEqualTo("a.test. IN TXT \"v=spf1 ip4:192.0.2.7 -all\"");
        assertThat(record("v=spf1 include:b.test ~all", "192.0.2.9", "192.0.2.7", "192.0.2.9", "2001:db8::1"))
                .isEqualTo(
                        "a.test. IN TXT \"v=spf1 ip4:192.0.2.7 ip4:192.0.2.9 ip6:2001:db8:0:0:0:0:0:1 include:b.test ~all\"");
        assertThat(record("v=spf1", "192.0.2.7")).isEqualTo("a.test. IN TXT \"v=spf1 ip4:192.0.2.7\"");
    }

    @Test
    void neighboursBecomeNetworksThatHoldNobodyElse() {
        List<InetAddress> sixteen = IntStream.range(1, 17).mapToObj(i -> InetAddress.ofLiteral("192.0.2." + i))
                .toList();
        assertThat(SpfProposal.blocks(sixteen)).containsExactly("ip4:192.0.2.1", "ip4:192.0.2.2/31", "ip4:192.0.2.4/30",
                "ip4:192.0.2.8/29", "ip4:192.0.2.16");
        assertThat(SpfProposal
                .blocks(IntStream.range(0, 256).mapToObj(i -> InetAddress.ofLiteral("198.51.100." + i)).toList()))
                .containsExactly("ip4:198.51.100.0/24");
    }

    @Test
    void longRecordsAreSeveralStrings() {
        String[] ips = IntStream.range(0, 40).mapToObj(i -> "192.0.2." + i * 3).toArray(String[]::new);
        String text = record(null, ips);
        assertThat(text).startsWith("a.test. IN TXT \"v=spf1 ip4:192.0.2.0 ip4:192.0.2.3 ").endsWith(" -all\"");
        assertThat(text.substring(text.indexOf('"')).split("\" \"")).hasSizeGreaterThan(1)
                .allSatisfy(s -> assertThat(s.replace("\"", "").length()).isLessThanOrEqualTo(255));
    }
}
