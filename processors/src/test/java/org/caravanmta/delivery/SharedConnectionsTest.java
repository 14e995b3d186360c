package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import org.caravanmta.config.CaravanConfig.IpLimit;
import org.caravanmta.config.CaravanConfig.MxLimit;
import org.caravanmta.config.CaravanConfig.SmtpOutLimits;
import org.caravanmta.config.Cidr;
import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.throttle.ConnectionPermits;
import org.junit.jupiter.api.Test;

class SharedConnectionsTest {

    private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");
    private static final MxLimit BELOW = new MxLimit(new DomainPattern(Scope.BELOW, "mx.example"), 3);
    private static final IpLimit NETWORK = new IpLimit(Cidr.parse("198.51.100.0/24"), 5);

    private final SharedConnections shared = new SharedConnections();

    private static Target target(String host, String ip) {
        return new Target(host, new InetSocketAddress(InetAddress.ofLiteral(ip), 25));
    }

    private List<String> directives(String host, String ip) {
        return shared.of(A, target(host, ip)).stream().map(ConnectionPermits::directive).toList();
    }

    @Test
    void everyEntryThatMatchesHolds() {
        shared.limit(new SmtpOutLimits(0, List.of(BELOW), List.of(NETWORK)));
        assertThat(directives("a.MX.example", "198.51.100.7")).containsExactly("mx-connection-limit",
                "ip-connection-limit");
        assertThat(directives("mx.example", "198.51.100.7")).containsExactly("ip-connection-limit");
        assertThat(directives("amx.example", "203.0.113.1")).isEmpty();
    }

    @Test
    void countsEachSourceForItselfAndAllHostsOfAnEntryTogether() {
        shared.limit(new SmtpOutLimits(0, List.of(BELOW), List.of()));
        List<ConnectionPermits> one = shared.of(A, target("a.mx.example", "198.51.100.1"));
        assertThat(shared.of(A, target("b.mx.example", "198.51.100.2"))).isEqualTo(one);
        assertThat(shared.of(B, target("a.mx.example", "198.51.100.1"))).isNotEqualTo(one);
        assertThat(shared.of(null, target("a.mx.example", "198.51.100.1"))).hasSize(1).isNotEqualTo(one);
    }
}
