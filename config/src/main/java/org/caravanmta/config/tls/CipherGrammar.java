package org.caravanmta.config.tls;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * A cipher of TLS 1.2 by the name that OpenSSL or the RFCs give it; the value is the latter. Only those with forward
 * secrecy: the others are not spoken by the providers we have, or not for long.
 */
record CipherGrammar() implements Grammar<String> {

    private static final Map<String, String> BY_OPENSSL_NAME = new LinkedHashMap<>();

    static {
        for (String key : List.of("ECDSA", "RSA")) {
            add("ECDHE-" + key + "-AES128-GCM-SHA256", "TLS_ECDHE_" + key + "_WITH_AES_128_GCM_SHA256");
            add("ECDHE-" + key + "-AES256-GCM-SHA384", "TLS_ECDHE_" + key + "_WITH_AES_256_GCM_SHA384");
            add("ECDHE-" + key + "-CHACHA20-POLY1305", "TLS_ECDHE_" + key + "_WITH_CHACHA20_POLY1305_SHA256");
        }
        for (String key : List.of("ECDSA", "RSA")) {
            add("ECDHE-" + key + "-AES128-SHA", "TLS_ECDHE_" + key + "_WITH_AES_128_CBC_SHA");
            add("ECDHE-" + key + "-AES256-SHA", "TLS_ECDHE_" + key + "_WITH_AES_256_CBC_SHA");
        }
    }

    /** Without the old CBC ones: RFC 9325 §4.2. */
    static final List<String> GOOD = BY_OPENSSL_NAME.values().stream().filter(c -> !c.contains("_CBC_")).toList();

    private static void add(String openssl, String rfc) {
        BY_OPENSSL_NAME.put(openssl, rfc);
    }

    @Override
    public String expected() {
        return "the name of a cipher of TLS 1.2 such as ECDHE-RSA-AES128-GCM-SHA256";
    }

    @Override
    public String parse(String text) throws Misunderstood {
        String name = text.toUpperCase(Locale.ROOT);
        String rfc = BY_OPENSSL_NAME.getOrDefault(name, name);
        if (BY_OPENSSL_NAME.containsValue(rfc))
            return rfc;
        if (name.startsWith("TLS_AES_") || name.startsWith("TLS_CHACHA20_"))
            throw misunderstood("the ciphers of TLS 1.3 are always all on: take it away");
        throw misunderstood("take it away; known: " + String.join(", ", BY_OPENSSL_NAME.keySet()));
    }
}
