package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

import org.caravanmta.gateway.UnpublishedKeysException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code check-domain-keys}: keys that do not match their published record are refused. */
@Timeout(60)
class PublishedKeysTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;
    private String one;
    private String two;

    @BeforeEach
    void keys() throws Exception {
        one = key("one.pem");
        two = key("two.pem");
    }

    /** @return its record */
    private String key(String file) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
        g.initialize(2048);
        KeyPair pair = g.generateKeyPair();
        Path path = Files.writeString(home.resolve(file), "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    private static String yaml(int dnsPort, String keys, boolean checked) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.53.0.1:0" ]
                source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                name-server: 127.53.0.53:%d
                check-domain-keys: %s
                domain-key: [ %s ]
                domain: { "*": { dkim-sign: yes } }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(dnsPort, checked ? "yes" : "no", keys);
    }

    @Test
    void startAndReloadAreRefusedUntilTheyMatch() throws Exception {
        try (TxtServer dns = new TxtServer("127.53.0.53", 0)) {
            int port = dns.address().getPort();
            dns.put("s1._domainkey.one.test", one);
            dns.put("s2._domainkey.two.test", one);
            String both = "\"s1,one.test,one.pem\", \"s2,two.test,two.pem\", \"s3,three.test,two.pem\"";
            assertThatThrownBy(() -> LocalGateway.start(home, yaml(port, both, true)))
                    .isInstanceOf(UnpublishedKeysException.class)
                    .hasMessageContaining("domain-key s2,two.test,two.pem: another key is published; publish s2._domai")
                    .hasMessageContaining("domain-key s3,three.test,two.pem: ")
                    .hasMessageNotContaining("s1,one.test");
            try (LocalGateway gateway = LocalGateway.operated(home, yaml(port, "\"s1,one.test,one.pem\"", true))) {
                gateway.write(yaml(port, both, true).replace("gw.test", "other.test"));
                assertThat(Cli.refused(home, "reload")).contains("another key is published", "s3,three.test");
                assertThat(gateway.gateway().config().hostName()).isEqualTo("gw.test");
                gateway.write(yaml(port, both, false).replace("gw.test", "other.test"));
                Cli.done(home, "reload");
                dns.put("s2._domainkey.two.test", two);
                dns.put("s3._domainkey.three.test", two);
                gateway.write(yaml(port, both + ", \"any,*,one.pem\"", true));
                Cli.done(home, "reload");
                assertThat(gateway.gateway().config().hostName()).isEqualTo("gw.test");
            }
        }
    }

    @Test
    void withoutANameServerItStarts() throws Exception {
        int port;
        try (TxtServer dns = new TxtServer("127.53.0.53", 0)) {
            port = dns.address().getPort();
        }
        try (LocalGateway gateway = LocalGateway.start(home, yaml(port, "\"s1,one.test,one.pem\"", true))) {
            assertThat(gateway.gateway().config().signingKeys().checked()).isTrue();
        }
    }
}
