package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Pickup directories come, change their source and go while the gateway runs. */
@Timeout(60)
class PickupReloadTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    private String yaml(Mx mx, String pickup) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.49.0.1:0" ]
                pickup: [ %s ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes }
                  narrow: { always-allow-relaying: yes, process-x-virtual-mta: yes, allowed-virtual-mtas: "{default}" }
                virtual-mta: { other: { smtp-source-host: [ "127.49.1.1 other.gw.test" ] } }
                domain: { "*": { smtp-hosts: [ "%s" ] } }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                """.formatted(pickup, mx.hop());
    }

    private void put(String recipient) throws IOException {
        Path file = Files.writeString(home.resolve("written"),
                "x-sender: a@from.test\nx-receiver: " + recipient + "\nx-virtual-mta: other\n\nbody\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(10)));
        Files.move(file, home.resolve("in").resolve(recipient), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aDirectoryHasTheRightsOfItsSourceFromItsFirstFileOn() throws Exception {
        Files.createDirectories(home.resolve("in"));
        put("before@to.test");
        try (Mx mx = new Mx("127.49.0.2"); LocalGateway gateway = LocalGateway.operated(home, yaml(mx, ""))) {
            gateway.write(yaml(mx, "\"in bad source=narrow\""));
            Cli.done(home, "reload");
            await("refusal").atMost(Mx.LIMIT).until(() -> Files.exists(home.resolve("bad/before@to.test")));
            assertThat(home.resolve("bad/before@to.test.reason.txt"))
                    .hasContent("550 5.7.1 VirtualMTA not allowed for this source: other");

            gateway.write(yaml(mx, "\"in bad\""));
            Cli.done(home, "reload");
            put("wide@to.test");
            assertThat(mx.awaitMail("wide@to.test").client()).isEqualTo("127.49.1.1");

            gateway.write(yaml(mx, "\"in /proc/none\""));
            assertThat(Cli.refused(home, "reload")).contains("pickup in cannot be used");
            put("still@to.test");
            mx.awaitMail("still@to.test");

            gateway.write(yaml(mx, ""));
            Cli.done(home, "reload");
            put("after@to.test");
            gateway.take(SmtpClient.text("Subject: x"), "last@to.test");
            mx.awaitMail("last@to.test");
            assertThat(home.resolve("in/after@to.test")).exists();
            gateway.assertConserved(mx);
        }
    }
}
