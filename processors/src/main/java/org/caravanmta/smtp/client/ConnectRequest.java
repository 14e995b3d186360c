package org.caravanmta.smtp.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.tls.TlsDemand;

/**
 * Everything one connection needs to know.
 *
 * @param remote     resolved address and port
 * @param remoteName host name of the peer, for records
 * @param source     address to bind before connecting; null binds none
 * @param ehloName   what to say in EHLO
 * @param settings   timeouts, what to ignore and how to log in
 * @param tls        what TLS the connection is to have
 */
public record ConnectRequest(InetSocketAddress remote, String remoteName, InetAddress source, String ehloName,
        DomainSettings settings, TlsDemand tls) {
}
