package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Clients of others hand mail in under TLS, and the certificate changes while they do. */
@Timeout(120)
class TlsInTest {

    private static final int STARTTLS = 0;
    private static final int IMMEDIATE = 1;
    private static final int PLAIN = 2;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path home;

    private LocalGateway start(Mx mx, TlsFiles files) throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
        return LocalGateway.operated(home, yaml(mx, files));
    }

    private static String yaml(Mx mx, TlsFiles files) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.51.0.1:0", "127.51.0.5:0 immediate-tls=yes", "127.51.0.6:0 source=plain" ]
                %s
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                  plain: { allow-starttls: no }
                virtual-mta:
                  a: { smtp-source-host: [ "127.51.1.1 a.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "%s" ] }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(files.directive(), mx.hop());
    }

    private static InetSocketAddress address(LocalGateway gateway, int listener) {
        return gateway.gateway().listeners().get(listener);
    }

    @Test
    void openssl() throws Exception {
        TlsFiles files = TlsFiles.make(folder, "gw", "gw.test");
        try (Mx mx = new Mx("127.51.0.2"); LocalGateway gateway = start(mx, files)) {
            for (String version : List.of("-tls1_2", "-tls1_3"))
                try (OpensslClient client = new OpensslClient(address(gateway, STARTTLS), true, files.certificate(),
                        version, "-verify_hostname", "gw.test")) {
                    client.say("EHLO client.example", "250");
                    client.submit(SmtpClient.text(), "starttls" + version + "@one.test");
                    client.say("QUIT", "221");
                }
            try (OpensslClient client = new OpensslClient(address(gateway, IMMEDIATE), false, files.certificate())) {
                client.expect("220");
                client.say("EHLO client.example", "250");
                client.submit(SmtpClient.text(), "immediate@one.test");
            }
            for (String r : List.of("starttls-tls1_2@one.test", "starttls-tls1_3@one.test", "immediate@one.test"))
                assertThat(mx.awaitMail(r).text()).contains("\tby gw.test with ESMTPS id ")
                        .containsPattern("\t\\(TLSv1\\.[23]\\) tls TLS_[A-Z0-9_]+;\r\n");
            for (String version : List.of("-tls1", "-tls1_1"))
                try (OpensslClient client = new OpensslClient(address(gateway, STARTTLS), true, files.certificate(),
                        version, "-cipher", "ALL:@SECLEVEL=0")) {
                    assertThat(client.complaints()).contains("alert protocol version");
                }
            try (SmtpClient client = SmtpClient.connect(address(gateway, PLAIN))) {
                assertThat(client.say("STARTTLS")).startsWith("500 5.5.1");
            }
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }

    @Test
    void python() throws Exception {
        Path python = Programs.require("python3");
        TlsFiles files = TlsFiles.make(folder, "gw", "gw.test");
        String script = """
                import smtplib, ssl, sys
                starttls, immediate = int(sys.argv[1]), int(sys.argv[2])
                context = ssl.create_default_context(cafile=sys.argv[3])
                context.check_hostname = False
                with smtplib.SMTP('127.51.0.1', starttls) as s:
                    s.starttls(context=context)
                    s.sendmail('a@client.example', ['py1@one.test', 'py2@two.test'], 'Subject: x\\n\\n' + 'line\\n' * 100000)
                with smtplib.SMTP_SSL('127.51.0.5', immediate, context=context) as s:
                    for i in range(50):
                        s.sendmail('a@client.example', ['p%d@one.test' % i], 'Subject: x\\n\\nbody\\n')
                """;
        try (Mx mx = new Mx("127.51.0.2"); LocalGateway gateway = start(mx, files)) {
            Programs.run(python.toString(), "-c", script, "" + address(gateway, STARTTLS).getPort(),
                    "" + address(gateway, IMMEDIATE).getPort(), files.certificate().toString());
            await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().size() == 52);
            assertThat(mx.awaitMail("py1@one.test").text()).contains(" with ESMTPS id ").hasSizeGreaterThan(600_000);
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }

    @Test
    void swaks() throws Exception {
        Path swaks = Programs.require("swaks");
        Assumptions.assumeFalse(Programs.run(swaks.toString(), "--support").contains("TLS not available"),
                "swaks without Net::SSLeay");
        TlsFiles files = TlsFiles.make(folder, "gw", "gw.test");
        try (Mx mx = new Mx("127.51.0.2"); LocalGateway gateway = start(mx, files)) {
            for (int listener : new int[] { STARTTLS, IMMEDIATE })
                Programs.run(swaks.toString(), "--server", address(gateway, listener).getHostString() + ":"
                        + address(gateway, listener).getPort(), listener == STARTTLS ? "--tls" : "--tls-on-connect",
                        "--from", SmtpClient.SENDER, "--to",
                        "swaks" + listener + "@one.test");
            assertThat(mx.awaitMail("swaks0@one.test").text()).contains(" with ESMTPS id ");
            assertThat(mx.awaitMail("swaks1@one.test").text()).contains(" with ESMTPS id ");
        }
    }

    @Test
    void postfix() throws Exception {
        TlsFiles files = TlsFiles.make(folder, "gw", "gw.test");
        try (Mx mx = new Mx("127.51.0.2");
                LocalGateway gateway = start(mx, files);
                Postfix postfix = Postfix.start(Files.createDirectory(folder.resolve("postfix")), "127.51.0.3",
                        "relayhost = [127.51.0.1]:" + address(gateway, STARTTLS).getPort(),
                        "smtp_tls_security_level = encrypt", "smtp_tls_loglevel = 1");
                SmtpClient client = SmtpClient.connect(postfix.address(), "127.51.0.4")) {
            for (int i = 0; i < 50; i++)
                assertThat(client.submit(SmtpClient.text(), "p" + i + "@d" + i % 5 + ".test")).startsWith("250");
            await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().size() == 50);
            assertThat(mx.awaitMail("p0@d0.test").text()).contains("\tby gw.test with ESMTPS id ");
            assertThat(postfix.logged("TLS connection established to 127.51.0.1")).isPositive();
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }

    @Test
    void newCertificateIsServedWhileOldSessionsGoOn() throws Exception {
        TlsFiles first = TlsFiles.make(folder, "first", "first.test");
        TlsFiles second = TlsFiles.make(folder, "second", "second.test");
        try (Mx mx = new Mx("127.51.0.2");
                LocalGateway gateway = start(mx, first);
                OpensslClient old = new OpensslClient(address(gateway, STARTTLS), true, first.certificate());
                SmtpClient plain = SmtpClient.connect(address(gateway, STARTTLS))) {
            old.say("EHLO client.example", "250");
            assertThat(plain.begin("plain@one.test")).startsWith("354");
            gateway.write(yaml(mx, second));
            Cli.done(home, "reload");
            try (OpensslClient client = new OpensslClient(address(gateway, STARTTLS), true, second.certificate(),
                    "-verify_hostname", "second.test")) {
                client.say("EHLO client.example", "250");
                client.submit(SmtpClient.text(), "new@one.test");
            }
            old.submit(SmtpClient.text(), "old@one.test");
            old.say("QUIT", "221");
            assertThat(plain.end(SmtpClient.text())).startsWith("250");
            await("all mail").atMost(Mx.LIMIT).until(() -> mx.recipients().size() == 3);
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }

    @Test
    void badCertificateRefusesTheReloadAndTheOldOneStays() throws Exception {
        TlsFiles first = TlsFiles.make(folder, "first", "first.test");
        TlsFiles second = TlsFiles.make(folder, "second", "second.test");
        try (Mx mx = new Mx("127.51.0.2"); LocalGateway gateway = start(mx, first)) {
            gateway.write(yaml(mx, new TlsFiles(second.certificate(), first.key())).replace("gw.test", "other.test"));
            assertThat(Cli.refused(home, "reload")).contains("caravan.yaml:3:", "does not belong to the certificate",
                    "CN=second.test");
            gateway.write(yaml(mx, second).replace("gw.test", "other.test"));
            Files.setPosixFilePermissions(second.key(), PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(Cli.refused(home, "reload")).contains("which everybody may read", "chmod 640");
            Files.delete(second.certificate());
            assertThat(Cli.refused(home, "reload")).contains("which does not exist");
            assertThat(gateway.gateway().config().hostName()).isEqualTo("gw.test");
            greets(gateway, first);
            assertThatThrownBy(() -> greets(gateway, TlsFiles.make(folder, "third", "first.test")))
                    .hasMessageContaining("verify");
        }
    }

    private static void greets(LocalGateway gateway, TlsFiles expected) throws IOException {
        try (OpensslClient client = new OpensslClient(address(gateway, IMMEDIATE), false, expected.certificate())) {
            assertThat(client.expect("220")).isEqualTo("220 gw.test ESMTP");
        }
    }
}
