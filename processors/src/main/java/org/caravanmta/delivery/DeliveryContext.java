package org.caravanmta.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import org.caravanmta.config.CaravanConfig.SourceHost;
import org.caravanmta.delivery.NextHops.Target;
import org.caravanmta.smtp.client.SmtpConnector;
import org.caravanmta.throttle.ConnectionPermits;

import io.netty.channel.EventLoop;

/** What the connections of a VirtualMTA share. Owned by the VirtualMTA's event loop. */
interface DeliveryContext {

    EventLoop loop();

    NextHops hops();

    SmtpConnector connector();

    List<SourceHost> sources();

    SourceRotation rotation();

    /** Permits that each connection needs, whatever its source and target, in the order in which to take them. */
    List<ConnectionPermits> permits();

    /** Permits that a connection from this source (null: none is bound) to this target needs besides. */
    List<ConnectionPermits> permits(InetAddress source, Target target);

    /** The EHLO name when there is no source host. */
    String hostName();

    TlsChoice tls();

    /** TLS was wished for there, and failed. */
    void tlsBroken(InetSocketAddress host, String why);

    long nanoTime();

    void sourceMissing(InetAddress address);

    void sourceWorks(InetAddress address);
}
