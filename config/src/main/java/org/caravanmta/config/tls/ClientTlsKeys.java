package org.caravanmta.config.tls;

import java.util.List;

import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Settings;

/** The directives of a {@code domain} block about TLS. */
public final class ClientTlsKeys {

    static final Key<Boolean> USE_STARTTLS = yesNo("use-starttls", "yes");
    static final Key<Boolean> REQUIRE_STARTTLS = yesNo("require-starttls", "no");
    static final Key<Boolean> SMTP_TLS_VERIFY = yesNo("smtp-tls-verify", "no");
    static final Key<Boolean> ALLOW_TLS1_2 = yesNo("smtp-tls-allow-tlsv1.2", "yes");
    static final Key<Boolean> ALLOW_TLS1_3 = yesNo("smtp-tls-allow-tlsv1.3", "yes");
    static final Key<List<String>> SMTP_TLS_CIPHERS = Key.of("smtp-tls-ciphers",
            new ListOf<>(new CipherGrammar(), c -> c, 0, 100), "");
    static final Key<Boolean> REUSE_SSL_SESSION = yesNo("reuse-ssl-session", "yes");
    static final Key<Boolean> USE_DANE = yesNo("use-dane", "no");
    static final Key<Boolean> USE_MTA_STS = yesNo("use-mta-sts", "no");
    static final Key<ClientCertificate> SMTP_CLIENT_CERTIFICATE = Key.of("smtp-client-certificate",
            new ClientCertificate.Form(), "");

    /** Every one. */
    public static final List<Key<?>> ALL = List.of(USE_STARTTLS, REQUIRE_STARTTLS, SMTP_TLS_VERIFY, ALLOW_TLS1_2,
            ALLOW_TLS1_3, SMTP_TLS_CIPHERS, REUSE_SSL_SESSION, SMTP_CLIENT_CERTIFICATE, USE_DANE, USE_MTA_STS);

    private ClientTlsKeys() {
    }

    /** Every value, said or default. Who allows no version at all gets the newest. */
    public static ClientTls effective(Settings s) {
        boolean tls12 = s.get(ALLOW_TLS1_2);
        return new ClientTls(s.get(USE_STARTTLS), s.get(REQUIRE_STARTTLS), s.get(SMTP_TLS_VERIFY), tls12,
                s.get(ALLOW_TLS1_3) || !tls12, s.get(SMTP_TLS_CIPHERS), s.get(REUSE_SSL_SESSION),
                s.get(SMTP_CLIENT_CERTIFICATE).certificate(), s.get(USE_DANE), s.get(USE_MTA_STS));
    }

    private static Key<Boolean> yesNo(String name, String written) {
        return Key.of(name, new One<>(new YesNo()), written);
    }
}
