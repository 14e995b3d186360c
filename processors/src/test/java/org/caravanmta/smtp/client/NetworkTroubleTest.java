package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;

import org.junit.jupiter.api.Test;

/** Messages as the JDK and Netty's native transport word them. */
class NetworkTroubleTest {

    @Test
    void errorsHaveTheirErrnoNames() {
        assertThat(NetworkTrouble.name(new ConnectException("Connection refused: /192.0.2.1:25")))
                .isEqualTo("ECONNREFUSED");
        assertThat(NetworkTrouble
                .name(new ConnectException("finishConnect(..) failed with error(-110): Connection timed out")))
                .isEqualTo("ETIMEDOUT");
        assertThat(NetworkTrouble.name(new SocketException("Network is unreachable"))).isEqualTo("ENETUNREACH");
        assertThat(NetworkTrouble.name(new NoRouteToHostException("No route to host"))).isEqualTo("EHOSTUNREACH");
        assertThat(NetworkTrouble.name(new BindException("Cannot assign requested address")))
                .isEqualTo("EADDRNOTAVAIL");
        assertThat(NetworkTrouble.name(new SocketException("Connection reset"))).isEqualTo("ECONNRESET");
        assertThat(NetworkTrouble.name(new IOException("Broken pipe"))).isEqualTo("EPIPE");
        assertThat(NetworkTrouble.name(new IOException("strange"))).isEqualTo("IOException: strange");
    }

    @Test
    void portIsNamedWhenItIsNotTheUsualOne() throws Exception {
        InetAddress a = InetAddress.getByName("192.0.2.1");
        assertThat(NetworkTrouble.host("mx", new InetSocketAddress(a, 25))).isEqualTo("mx (192.0.2.1)");
        assertThat(NetworkTrouble.host("mx", new InetSocketAddress(a, 2525))).isEqualTo("mx (192.0.2.1:2525)");
    }
}
