package org.caravanmta.artemis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.UUID;

import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;

import org.caravanmta.config.tls.ServerTls;

/** Our certificate as the broker's listeners want it: in a key store, which is a file that is gone once it was read. */
final class TlsParameters {

    private TlsParameters() {
    }

    static Map<String, Object> of(ServerTls tls) throws IOException, GeneralSecurityException {
        String password = UUID.randomUUID().toString();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("caravan", tls.certificate().key(), password.toCharArray(),
                tls.certificate().chain().toArray(Certificate[]::new));
        Path file = Files.createTempFile("caravan", ".p12"); // only its owner can read it
        file.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return Map.of(TransportConstants.SSL_ENABLED_PROP_NAME, true,
                TransportConstants.KEYSTORE_TYPE_PROP_NAME, "PKCS12",
                TransportConstants.KEYSTORE_PATH_PROP_NAME, file.toString(),
                TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, password,
                TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, String.join(",", tls.protocols()));
    }
}
