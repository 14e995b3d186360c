package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports come, change and go while mail flows. */
class ExportsReloadTest {

    private static final String ACCT = "{ path: acct.csv, records: [ d, b, t ] }";

    @TempDir
    Path home;

    private static String yaml(Mx mx, String... files) {
        return """
                host-name: gw.test
                smtp-listener: [ "127.63.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: only }
                virtual-mta:
                  only: { smtp-source-host: [ "127.63.1.1 only.gw.test" ] }
                domain:
                  "*": { smtp-hosts: [ "%s" ] }
                acct-file: [ %s ]
                """.formatted(mx.hop(), String.join(", ", files));
    }

    private void reload(LocalGateway gateway, String yaml) throws Exception {
        gateway.write(yaml);
        Cli.done(home, "reload");
    }

    private String text(String name) throws IOException {
        return Files.exists(home.resolve(name)) ? Files.readString(home.resolve(name)) : "";
    }

    @Test
    void eachSaysWhatWasLoggedWhileItWasThere() throws Exception {
        try (Mx mx = new Mx("127.63.0.2"); LocalGateway gateway = LocalGateway.operated(home, yaml(mx, ACCT))) {
            gateway.take("Subject: Hello\r\n\r\nx\r\n", "one@x.test");
            gateway.recordsWhenDone();
            reload(gateway,
                    yaml(mx, ACCT, "{ path: more.json, records: [ r, d ], record-fields: [ \"d *,header_Subject\", "
                            + "\"r *\" ] }"));
            gateway.take("Subject: Hello\r\n\r\nx\r\n", "two@x.test");
            await().atMost(Mx.LIMIT).until(() -> text("more.json").lines().count() == 2);
            List<String> lines = text("more.json").lines().toList();
            assertThat(lines.getFirst()).contains("\"type\":\"r\"", "\"rcpt\":\"two@x.test\"",
                    "\"rcvSourceIp\":\"127.", "\"rcvDestinationIp\":\"127.63.0.1\"");
            assertThat(lines.getLast()).contains("\"type\":\"d\"", "\"header_Subject\":\"Hello\"");
            reload(gateway, yaml(mx, ACCT));
            gateway.take("Subject: Hello\r\n\r\nx\r\n", "three@x.test");
            assertThat(gateway.recordsWhenDone()).extracting(AcctCsv.Line::rcpt).containsExactly("one@x.test",
                    "two@x.test", "three@x.test");
            assertThat(text("more.json").lines()).hasSize(2);
            assertThat(gateway.gateway().exports().status()).hasSize(1);
            gateway.assertConserved(mx);
        }
    }

    @Test
    void oneInTroubleCannotBeTakenAwayAndHoldsUpNeitherMailNorTheOthers() throws Exception {
        Path inTheWay = Files.writeString(home.resolve("dead"), "a file");
        String dead = "{ path: dead/acct.csv, records: [ d ] }";
        try (Mx mx = new Mx("127.63.0.2"); LocalGateway gateway = LocalGateway.operated(home, yaml(mx, ACCT, dead))) {
            gateway.take("Subject: Hello\r\n\r\nx\r\n", "one@x.test");
            await().atMost(Mx.LIMIT).until(() -> text("acct.csv").contains("one@x.test"));
            assertThat(mx.recipients()).containsExactly("one@x.test");
            gateway.write(yaml(mx, ACCT));
            assertThat(Cli.refused(home, "reload")).contains("dead/acct.csv is gone, but its records wait");
            Files.delete(inTheWay);
            await().atMost(Mx.LIMIT).until(() -> text("dead/acct.csv").contains("one@x.test"));
            reload(gateway, yaml(mx, ACCT));
            assertThat(gateway.gateway().exports().status()).hasSize(1);
        }
    }

    @Test
    void anEndpointThatIsNotThereIsRefused() throws Exception {
        try (Mx mx = new Mx("127.63.0.2"); LocalGateway gateway = LocalGateway.operated(home, yaml(mx, ACCT))) {
            gateway.write(yaml(mx, "{ path: acct.csv, records: [ d, b, t ], transport-to: \"nowhere:x\" }"));
            assertThat(Cli.refused(home, "reload")).contains("transport-to of acct-file acct.csv").contains("nowhere");
        }
    }
}
