package org.caravanmta.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A certificate and its key, as operators make them: with openssl. */
record TlsFiles(Path certificate, Path key) {

    /** Self-signed, of a new key. */
    static TlsFiles make(Path folder, String name, String host) throws IOException {
        TlsFiles made = new TlsFiles(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem"));
        Programs.run(Programs.require("openssl").toString(), "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=" + host, "-addext",
                "subjectAltName=DNS:" + host, "-keyout", made.key.toString(), "-out", made.certificate.toString());
        Files.setPosixFilePermissions(made.key, PosixFilePermissions.fromString("rw-------"));
        return made;
    }

    /** The directive. */
    String directive() {
        return "smtp-server-tls-certificate: [ " + certificate + ", " + key + " ]";
    }
}
