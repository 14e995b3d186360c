package org.caravanmta.config.tls;

import java.util.List;

import org.caravanmta.config.pem.UnusableFile;

/**
 * How the SMTP server speaks TLS. Immutable.
 *
 * @param files       where the certificate was read from
 * @param certificate as it was when it was read
 * @param protocols   versions that are spoken, {@code TLSv1.2} and {@code TLSv1.3} or one of them
 * @param ciphers     of TLS 1.2, by their names in RFC 5289 and RFC 7905, best first; those of TLS 1.3 are all good
 */
public record ServerTls(CertificateFiles files, Certificate certificate, List<String> protocols,
        List<String> ciphers) {

    /** The same with what its files hold now. */
    public ServerTls readAgain() throws UnusableFile {
        return new ServerTls(files, files.read(), protocols, ciphers);
    }

    @Override
    public String toString() {
        return certificate + ", " + String.join(" ", protocols);
    }
}
