package org.caravanmta.config.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the files that say whom to trust. Belongs to the reading thread. */
public final class PolicyTrustReader {

    public static final Key<String> DNSSEC_TRUST_ANCHORS = Key.of("dnssec-trust-anchors",
            new One<>(new Text("the path of a file")));
    public static final Key<String> MTA_STS_CA_FILE = Key.of("mta-sts-ca-file",
            new One<>(new Text("the path of a file")));

    private static final int MOST_BYTES = 4 << 20;
    private static final Pattern ANCHOR = Pattern.compile("[A-Za-z0-9._-]*\\.(?:[ \t]+[0-9]+)?(?:[ \t]+IN)?[ \t]+(?:"
            + "DS[ \t]+[0-9]{1,5}[ \t]+[0-9]{1,3}[ \t]+[0-9]{1,3}[ \t]+[0-9A-Fa-f \t]{40,}"
            + "|DNSKEY[ \t]+[0-9]{1,5}[ \t]+3[ \t]+[0-9]{1,3}[ \t]+[0-9A-Za-z+/= \t]{20,})");

    private final Problems problems;

    public PolicyTrustReader(Problems problems) {
        this.problems = problems;
    }

    /** What the top level says; files that cannot be used are told. */
    public PolicyTrust read(Block root, Settings global) {
        return new PolicyTrust(
                global.says(DNSSEC_TRUST_ANCHORS) ? anchors(root.entry(DNSSEC_TRUST_ANCHORS.name()).value(),
                        global.get(DNSSEC_TRUST_ANCHORS)) : null,
                global.says(MTA_STS_CA_FILE) ? authorities(root.entry(MTA_STS_CA_FILE.name()).value(),
                        global.get(MTA_STS_CA_FILE)) : List.of());
    }

    private String anchors(Node at, String written) {
        String expected = "DS or DNSKEY records, one a line, such as . IN DS 20326 8 2 E06D…";
        byte[] bytes = bytes(at, written, expected);
        if (bytes == null)
            return null;
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> records = text.lines().map(l -> l.replaceFirst(";.*", "").strip()).filter(l -> !l.isEmpty())
                .toList();
        List<String> wrong = records.stream().filter(l -> !ANCHOR.matcher(l).matches()).toList();
        if (!wrong.isEmpty())
            problems.add(at, "the line " + Problems.quote(wrong.getFirst()) + " in " + written, expected,
                    "a record stands in one line; what follows ; is a comment");
        else if (records.isEmpty())
            problems.add(at, written + " without any record", expected,
                    "take the directive away to trust the keys of the root zone");
        return String.join("\n", records) + "\n";
    }

    private List<X509Certificate> authorities(Node at, String written) {
        String expected = "certificates of authorities in a PEM file";
        byte[] bytes = bytes(at, written, expected);
        if (bytes == null)
            return List.of();
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes));
            if (!found.isEmpty())
                return found.stream().map(X509Certificate.class::cast).toList();
        } catch (CertificateException _) {
            // told below
        }
        problems.add(at, written + ", which holds no certificates", expected,
                "it begins with -----BEGIN CERTIFICATE-----");
        return List.of();
    }

    /** @return null when it cannot be read, which has been told */
    private byte[] bytes(Node at, String written, String expected) {
        try {
            Path path = Path.of(at.getStartMark().getName()).toAbsolutePath().getParent().resolve(written).normalize();
            if (!Files.isRegularFile(path))
                problems.add(at, Problems.quote(written) + ", which is no file", expected,
                        "relative paths begin at the folder of this file: " + path);
            else
                try (InputStream in = Files.newInputStream(path)) {
                    return in.readNBytes(MOST_BYTES);
                }
        } catch (InvalidPathException _) {
            problems.add(at, Problems.quote(written), "the path of a file", "take the odd characters out");
        } catch (IOException e) {
            problems.add(at, Problems.quote(written) + ", which cannot be read", expected, e.toString());
        }
        return null;
    }
}
