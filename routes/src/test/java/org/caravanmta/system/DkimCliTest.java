package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Keys from {@code caravan dkim}: made, published, checked and replaced. */
class DkimCliTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private static List<String> run(int exit, String... arguments) throws Exception {
        try (CaravanProcess caravan = new CaravanProcess(arguments)) {
            assertThat(caravan.awaitExit()).as(caravan.text()).isEqualTo(exit);
            return caravan.output();
        }
    }

    private List<String> keygen(int exit, String selector, String type, Path file) throws Exception {
        return run(exit, "dkim", "keygen", "--selector", selector, "--domain", "keys.test", "--type", type, "--file",
                file.toString());
    }

    /** The text behind the line that names the TXT record. */
    private static String record(List<String> output) {
        for (int i = 0; i < output.size(); i++)
            if (output.get(i).contains("as TXT of"))
                return output.get(i + 1).strip();
        throw new AssertionError(output);
    }

    @Test
    void aKeyFromItsMakingToItsSuccessor() throws Exception {
        Path rsa = folder.resolve("new/keys/rsa.pem");
        Path ed = folder.resolve("ed.pem");
        List<String> made = keygen(0, "r1", "rsa", rsa);
        assertThat(String.join("\n", made)).contains("r1._domainkey.keys.test. IN TXT ( \"v=DKIM1; k=rsa; p=MII",
                "domain-key: [ \"r1,keys.test," + rsa + "\" ]");
        String edRecord = record(keygen(0, "e1", "ed25519", ed));
        assertThat(edRecord).matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=");
        assertThat(Files.getPosixFilePermissions(rsa)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(rsa.getParent())).isEqualTo(PosixFilePermissions.fromString(
                "rwx------"));
        byte[] before = Files.readAllBytes(rsa);
        assertThat(keygen(1, "r1", "rsa", rsa)).anyMatch(l -> l.contains("exists and is left as it is"));
        assertThat(Files.readAllBytes(rsa)).isEqualTo(before);

        try (TxtServer dns = new TxtServer("127.29.0.53", 0)) {
            Path config = GatewayProcess.config(folder, """
                    host-name: gw.test
                    smtp-listener: [ "127.29.0.1:0" ]
                    source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                    name-server: 127.29.0.53:%d
                    domain-key: [ "r1,keys.test,new/keys/rsa.pem", "e1,keys.test,ed.pem", "any,*,ed.pem" ]
                    domain: { "*": { dkim-sign: yes } }
                    acct-file: { path: acct.csv }
                    """.formatted(dns.address().getPort()));
            dns.put("r1._domainkey.keys.test", record(made));
            assertThat(String.join("\n", run(1, "dkim", "check", "--config", config.toString())))
                    .contains("fine         r1._domainkey.keys.test", "WRONG        e1._domainkey.keys.test",
                            "no such domain", "publish e1._domainkey.keys.test. IN TXT ( \"" + edRecord,
                            "not checked  ed.pem");
            dns.put("e1._domainkey.keys.test", edRecord);
            assertThat(String.join("\n", run(0, "dkim", "check", "--config", config.toString())))
                    .contains("fine         e1._domainkey.keys.test").doesNotContain("WRONG");
            dns.put("e1._domainkey.keys.test", record(made));
            assertThat(String.join("\n", run(1, "dkim", "check", "--config", config.toString())))
                    .contains("a key of kind rsa is published");

            List<String> rotated = run(0, "dkim", "rotate", "--config", config.toString(), "--new-selector", "r2", "r1",
                    "keys.test");
            assertThat(String.join("\n", rotated)).contains("r2._domainkey.keys.test. IN TXT",
                    "Leave the old one, r1._domainkey.keys.test");
            Path successor = folder.resolve("new/keys/keys.test.r2.pem");
            assertThat(successor).exists();
            String key = "r2,keys.test," + successor;
            assertThat(run(1, "dkim", "check", "--config", config.toString(), "--key", key))
                    .anyMatch(l -> l.startsWith("WRONG        r2._domainkey.keys.test"));
            dns.put("r2._domainkey.keys.test", record(rotated));
            assertThat(run(0, "dkim", "check", "--config", config.toString(), "--key", key))
                    .anyMatch(l -> l.startsWith("fine         r2._domainkey.keys.test"));
            assertThat(run(2, "dkim", "check", "--config", config.toString(), "--key", "r2,keys.test"))
                    .anyMatch(l -> l.contains("three parts"));
            assertThat(run(2, "dkim", "rotate", "--config", config.toString(), "r9", "keys.test"))
                    .anyMatch(l -> l.contains("no domain-key r9,keys.test"));
        }
    }
}
