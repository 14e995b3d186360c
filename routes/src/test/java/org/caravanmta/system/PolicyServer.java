package org.caravanmta.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.netty.pkitesting.X509Bundle;

/** Shows an MTA-STS policy over HTTPS. While it is there, gateways of this JVM ask its port. */
final class PolicyServer implements AutoCloseable {

    private static final String PORT = "caravan.test.mta-sts-port";

    private final HttpsServer server;
    private final String policy;

    PolicyServer(String ip, X509Bundle certificate, String policy) throws Exception {
        this.policy = policy;
        KeyManagerFactory keys = certificate.toKeyManagerFactory();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName(ip), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/.well-known/mta-sts.txt", x -> {
            try (x) {
                byte[] bytes = this.policy.getBytes(StandardCharsets.US_ASCII);
                x.getResponseHeaders().set("Content-Type", "text/plain");
                x.sendResponseHeaders(200, bytes.length);
                x.getResponseBody().write(bytes);
            } catch (IOException e) {
                System.err.println("policy server: " + e);
            }
        });
        server.start();
        System.setProperty(PORT, Integer.toString(server.getAddress().getPort()));
    }

    @Override
    public void close() {
        server.stop(0);
        System.clearProperty(PORT);
    }
}
