package org.caravanmta.config.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.pem.PemBlock;
import org.caravanmta.config.pem.UnusableFile;

/**
 * Where certificate and key are.
 *
 * @param certificate the server's certificate and those behind it, in PEM form
 * @param key         its private key, in PEM form; may be the same file
 */
public record CertificateFiles(Path certificate, Path key) {

    private static final String EXPECTED_CHAIN = "a PEM file with the server's certificate";
    private static final String EXPECTED_KEY = "a PEM file with the certificate's private key, RSA or ECDSA";
    private static final int LEAST_RSA_BITS = 1024;

    /** Reads both. What is readable to everybody on the machine is refused where it holds the key. */
    public Certificate read() throws UnusableFile {
        PemFile first = PemFile.read(certificate, EXPECTED_CHAIN);
        List<X509Certificate> chain = chain(first);
        PemFile second = key.equals(certificate) ? first : PemFile.read(key, EXPECTED_KEY);
        if (first.blocks().stream().anyMatch(PemFile::isPrivateKey))
            first.requirePrivate();
        Certificate read = new Certificate(chain, key(second));
        checkKey(read, second.path());
        return read;
    }

    /** The files, each once. */
    public List<Path> all() {
        return key.equals(certificate) ? List.of(certificate) : List.of(certificate, key);
    }

    private static List<X509Certificate> chain(PemFile file) throws UnusableFile {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemBlock block : file.blocks())
            if (PemFile.isCertificate(block))
                chain.add(certificate(file.path(), block, chain.size() + 1));
        if (chain.isEmpty())
            throw new UnusableFile(file.path() + ", without -----BEGIN CERTIFICATE-----", EXPECTED_CHAIN,
                    file.blocks().stream().anyMatch(PemFile::isPrivateKey)
                            ? "the file of the certificate comes first, that of the key second"
                            : "name the file that holds the certificate and those of its authorities (fullchain.pem)");
        return List.copyOf(chain);
    }

    private static X509Certificate certificate(Path path, PemBlock block, int number) throws UnusableFile {
        byte[] der = block.decode();
        try {
            if (der != null)
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException _) {
            // told below
        }
        throw new UnusableFile(path + ", whose certificate number " + number + " is broken", EXPECTED_CHAIN,
                "get it again from where it came; openssl x509 -in FILE -text shows the first one");
    }

    private static PrivateKey key(PemFile file) throws UnusableFile {
        for (PemBlock block : file.blocks())
            if (PemFile.isPrivateKey(block)) {
                file.requirePrivate();
                try {
                    return PrivateKeys.of(block);
                } catch (GeneralSecurityException e) {
                    throw new UnusableFile(file.path() + ": the private key cannot be used, "
                            + e.getMessage(), EXPECTED_KEY,
                            "openssl pkey -in FILE -out NEW writes it without a password and in the usual form");
                }
            }
        throw new UnusableFile(file.path() + ", without -----BEGIN PRIVATE KEY-----", EXPECTED_KEY,
                "name the file of the key as the second one: [ CERTIFICATE, KEY ]");
    }

    private static void checkKey(Certificate read, Path keyFile) throws UnusableFile {
        if (read.rsaBits() > 0 && read.rsaBits() < LEAST_RSA_BITS)
            throw new UnusableFile(keyFile + ", an RSA key of " + read.rsaBits() + " bits",
                    "at least " + LEAST_RSA_BITS + " bits", "make a new key and have it certified");
        if (PrivateKeys.belongTogether(read.key(), read.own().getPublicKey()))
            return;
        boolean later = read.chain().stream()
                .anyMatch(c -> PrivateKeys.belongTogether(read.key(), c.getPublicKey()));
        throw new UnusableFile(keyFile + ", whose private key does not belong to the certificate of "
                + read.own().getSubjectX500Principal().getName(), "the key of the first certificate",
                later ? "put the server's own certificate in front of the others"
                        : "name the key that the certificate was made for, or have this one certified");
    }
}
