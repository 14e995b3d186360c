package org.caravanmta.config.tls;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.pem.UnusableFile;
import org.caravanmta.config.value.Never;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the {@code smtp-server-tls-…} directives and the files that they name. */
public record ServerTlsReader(Problems problems, Clock clock) {

    public static final Key<List<String>> CERTIFICATE = Key.of("smtp-server-tls-certificate",
            new ListOf<>(new Text("the path of a PEM file with certificate and key, or [ CERTIFICATE, KEY ]"), p -> p,
                    0, 2),
            "");
    public static final Key<List<String>> CIPHERS = Key.of("smtp-server-tls-ciphers",
            new ListOf<>(new CipherGrammar(), c -> c, 0, 100), "");
    public static final Key<Boolean> ALLOW_TLS1_2 = Key.of("smtp-server-tls-allow-tlsv1.2", new One<>(new YesNo()),
            "yes");
    public static final Key<Boolean> ALLOW_TLS1_3 = Key.of("smtp-server-tls-allow-tlsv1.3", new One<>(new YesNo()),
            "yes");
    public static final Key<Boolean> ALLOW_TLS1_0 = never("smtp-server-tls-allow-tlsv1", "TLS 1.0");
    public static final Key<Boolean> ALLOW_TLS1_1 = never("smtp-server-tls-allow-tlsv1.1", "TLS 1.1");

    /** All of them. */
    public static final List<Key<?>> KEYS = List.of(CERTIFICATE, ALLOW_TLS1_2, ALLOW_TLS1_3, CIPHERS, ALLOW_TLS1_0,
            ALLOW_TLS1_1);

    private static final int GOOD_RSA_BITS = 2048;
    private static final Duration SOON = Duration.ofDays(14);

    private static Key<Boolean> never(String name, String version) {
        return Key.of(name, new One<>(new Never(version + " is broken and was given up by RFC 8996; what cannot "
                + "speak TLS 1.2 may hand in without TLS: take the line away")), "no");
    }

    /** @return null when no certificate is named, or none that can be used; the latter has been told */
    public ServerTls read(Block root, Settings global) {
        List<String> names = global.get(CERTIFICATE);
        if (names.isEmpty()) {
            if (global.says(CIPHERS) && problems.none())
                problems.warn(root.entry(CIPHERS.name()).at(), CIPHERS + " without " + CERTIFICATE,
                        CERTIFICATE + ": [ CERTIFICATE, KEY ]", "no TLS is spoken");
            return null;
        }
        Node value = root.entry(CERTIFICATE.name()).value();
        List<String> protocols = protocols(root, global);
        Certificate certificate = null;
        CertificateFiles files = null;
        try {
            Path folder = Path.of(value.getStartMark().getName()).toAbsolutePath().getParent();
            files = new CertificateFiles(folder.resolve(names.getFirst()).normalize(),
                    folder.resolve(names.getLast()).normalize());
            certificate = files.read();
        } catch (UnusableFile e) {
            problems.add(value, e.found(), e.expected(), e.hint());
        } catch (InvalidPathException _) {
            problems.add(value, Problems.quote(String.join(", ", names)), "paths of files",
                    "take the odd characters out");
        }
        if (certificate == null)
            return null;
        warn(value, files, certificate);
        List<String> ciphers = global.get(CIPHERS).isEmpty() ? CipherGrammar.GOOD : global.get(CIPHERS);
        checkCiphers(root, protocols, ciphers, certificate);
        return new ServerTls(files, certificate, protocols, ciphers);
    }

    private List<String> protocols(Block root, Settings global) {
        List<String> protocols = new ArrayList<>();
        if (global.get(ALLOW_TLS1_2))
            protocols.add("TLSv1.2");
        if (global.get(ALLOW_TLS1_3))
            protocols.add("TLSv1.3");
        if (protocols.isEmpty())
            problems.add(root.entry(ALLOW_TLS1_3.name()).value(), "neither TLS 1.2 nor TLS 1.3", "at least one of them",
                    "take the line away, or the certificate");
        return List.copyOf(protocols);
    }

    private void checkCiphers(Block root, List<String> protocols, List<String> ciphers, Certificate certificate) {
        if (protocols.contains("TLSv1.2")
                && ciphers.stream().noneMatch(c -> c.startsWith("TLS_ECDHE_" + certificate.algorithm() + "_")))
            problems.add(root.entry(CIPHERS.name()).value(),
                    "no cipher for a key of the kind " + certificate.algorithm(),
                    "at least one", "TLS 1.2 could not be spoken: add ECDHE-" + certificate.algorithm()
                            + "-AES128-GCM-SHA256, or take the line away");
    }

    private void warn(Node at, CertificateFiles files, Certificate certificate) {
        Instant now = clock.instant();
        if (certificate.validFor(now).isNegative())
            problems.warn(at, files.certificate() + ", expired on " + certificate.validUntil(), "a valid certificate",
                    "clients that verify it will not hand mail in: renew it");
        else if (certificate.validFor(now).compareTo(SOON) < 0)
            problems.warn(at, files.certificate() + ", which expires on " + certificate.validUntil(),
                    "more than " + SOON.toDays() + " days left", "renew it");
        if (certificate.own().getNotBefore().toInstant().isAfter(now))
            problems.warn(at,
                    files.certificate() + ", not valid before " + certificate.own().getNotBefore().toInstant(),
                    "a valid certificate", "check the clock of this machine");
        if (certificate.rsaBits() > 0 && certificate.rsaBits() < GOOD_RSA_BITS)
            problems.warn(at, files.key() + ", an RSA key of " + certificate.rsaBits() + " bits",
                    GOOD_RSA_BITS + " bits", "clients may refuse it: make a longer one and have it certified");
    }
}
