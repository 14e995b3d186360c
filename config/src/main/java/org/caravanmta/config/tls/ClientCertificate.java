package org.caravanmta.config.tls;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import org.caravanmta.config.pem.UnusableFile;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Shape;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What we show to hosts that ask for a certificate, read with the configuration.
 *
 * @param files       null when there is none
 * @param certificate as it was when it was read; null when there is none
 */
record ClientCertificate(CertificateFiles files, Certificate certificate) {

    static final ClientCertificate NONE = new ClientCertificate(null, null);

    @Override
    public String toString() {
        return files == null ? "" : files.all().toString();
    }

    /** One file or two; an empty text takes an inherited certificate away. */
    record Form() implements Shape<ClientCertificate> {

        private static final String EXPECTED = "the path of a PEM file with certificate and key, or "
                + "[ CERTIFICATE, KEY ]";
        private static final ListOf<String> PATHS = new ListOf<>(new Text(EXPECTED), p -> p, 0, 2);

        @Override
        public String expected() {
            return EXPECTED;
        }

        @Override
        public ClientCertificate ofText(String text) throws Misunderstood {
            if (text.isEmpty())
                return NONE;
            throw new Misunderstood(EXPECTED, "a path is relative to a file, and here is none");
        }

        @Override
        public ClientCertificate read(Node node, Problems problems) {
            List<String> names = PATHS.read(node, problems);
            if (names == null || names.isEmpty())
                return names == null ? null : NONE;
            try {
                Path folder = Path.of(node.getStartMark().getName()).toAbsolutePath().getParent();
                var files = new CertificateFiles(folder.resolve(names.getFirst()).normalize(),
                        folder.resolve(names.getLast()).normalize());
                return new ClientCertificate(files, files.read());
            } catch (UnusableFile e) {
                problems.add(node, e.found(), EXPECTED, e.hint());
            } catch (InvalidPathException _) {
                problems.add(node, Problems.quote(String.join(", ", names)), "paths of files",
                        "take the odd characters out");
            }
            return null;
        }
    }
}
