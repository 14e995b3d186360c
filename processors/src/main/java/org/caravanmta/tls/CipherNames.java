package org.caravanmta.tls;

import java.util.ArrayList;
import java.util.List;

/** Ciphers as an engine wants to hear them. */
public final class CipherNames {

    /** Those of TLS 1.3 (RFC 8446 §B.4) are always on. */
    public static final List<String> TLS13 = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256");

    private CipherNames() {
    }

    /** @param tls12 for TLS 1.2, best first */
    static List<String> with13(List<String> tls12) {
        List<String> all = new ArrayList<>(TLS13);
        all.addAll(tls12);
        return all;
    }
}
