package org.caravanmta.smtp.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates for servers, and a client that takes each of them. */
final class TestTls {

    private TestTls() {
    }

    /**
     * The directive that names certificate and key in {@code folder}.
     *
     * @param name {@code gw} or {@code other}: of {@code NAME.example.com}
     */
    static String certificate(Path folder, String name) throws IOException {
        return "smtp-server-tls-certificate: [ " + copy(folder, name + ".pem") + ", " + copy(folder, name + "-key.pem")
                + " ]";
    }

    private static Path copy(Path folder, String file) throws IOException {
        Path to = folder.resolve(file);
        if (!Files.exists(to))
            try (InputStream in = TestTls.class.getResourceAsStream("/tls/" + file)) {
                Files.copy(in, to);
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
            }
        return to;
    }

    static SSLContext client() throws GeneralSecurityException {
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] { new TakesAll() }, null);
        return client;
    }

    private static final class TakesAll extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
