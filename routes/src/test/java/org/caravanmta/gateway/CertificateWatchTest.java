package org.caravanmta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;

import org.caravanmta.config.tls.CertificateFiles;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.smtp.server.InboundTls;
import org.caravanmta.tls.TlsProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the certificate change on disk. */
class CertificateWatchTest {

    @TempDir
    Path folder;

    private final InboundTls tls = new InboundTls(TlsProvider::fastest);
    private final CertificateWatch watch = new CertificateWatch(tls, Clock.systemUTC());
    private CertificateFiles files;

    @BeforeEach
    void firstCertificate() throws Exception {
        files = new CertificateFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        put("gw", "cert.pem");
        put("gw-key", "key.pem");
        tls.use(tls.prepare(settings()));
        looks(3);
        assertThat(subject()).isEqualTo("CN=gw.example.com");
    }

    private ServerTls settings() throws Exception {
        return new ServerTls(files, files.read(), List.of("TLSv1.2", "TLSv1.3"),
                List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
    }

    /** As renewals do: a new file takes the place of the old one. */
    private void put(String resource, String name) throws Exception {
        Path fresh = folder.resolve(name + ".new");
        try (var in = CertificateWatchTest.class.getResourceAsStream("/tls/" + resource + ".pem")) {
            Files.copy(in, fresh);
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++)
            watch.look();
    }

    private String subject() {
        return tls.settings().certificate().own().getSubjectX500Principal().getName();
    }

    @Test
    void isTakenOverOnceTheFilesRest() throws Exception {
        put("other", "cert.pem");
        looks(1);
        put("other-key", "key.pem");
        looks(1);
        assertThat(subject()).isEqualTo("CN=gw.example.com");
        looks(1);
        assertThat(subject()).isEqualTo("CN=other.example.com");
    }

    @Test
    void whatCannotBeUsedChangesNothing() throws Exception {
        ServerTls before = tls.settings();
        put("other", "cert.pem");
        looks(5);
        Files.delete(folder.resolve("key.pem"));
        looks(5);
        assertThat(tls.settings()).isSameAs(before);
        put("other-key", "key.pem");
        looks(2);
        assertThat(subject()).isEqualTo("CN=other.example.com");
    }

    @Test
    void untouchedFilesAreNotTakenOverAgain() throws Exception {
        ServerTls before = tls.settings();
        looks(5);
        put("gw", "cert.pem");
        looks(5);
        assertThat(tls.settings()).isSameAs(before);
    }

    @Test
    void changeBetweenReadingAndFirstLookIsSeen() throws Exception {
        ServerTls read = settings();
        put("other", "cert.pem");
        put("other-key", "key.pem");
        tls.use(tls.prepare(read));
        looks(2);
        assertThat(subject()).isEqualTo("CN=other.example.com");
    }

    @Test
    void reloadWinsOverARenewal() throws Exception {
        put("other", "cert.pem");
        put("other-key", "key.pem");
        looks(1);
        tls.use(null);
        looks(3);
        assertThat(tls.settings()).isNull();
    }
}
