package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.caravanmta.sink.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** 500 messages through 50 VirtualMTAs. */
class ManyVirtualMtasTest {

    private static final int VIRTUAL_MTAS = 50;
    private static final int EACH = 10;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    @Test
    void everyMessageLeavesFromItsOwnAddressWithItsOwnName() throws Exception {
        try (Mx mx = new Mx("127.27.0.2"); LocalGateway gateway = LocalGateway.start(home, config(mx))) {
            try (SmtpClient client = SmtpClient.connect(gateway.listener())) {
                for (int i = 0; i < VIRTUAL_MTAS * EACH; i++)
                    assertThat(client.submit(SmtpClient.text("X-Virtual-MTA: v" + i % VIRTUAL_MTAS),
                            "v" + i % VIRTUAL_MTAS + "-" + i + "@d" + i % 7 + ".test")).startsWith("250");
            }
            await("all mail").atMost(Mx.LIMIT).until(() -> mx.mails().size() == VIRTUAL_MTAS * EACH);
            Map<String, Set<String>> ways = mx.mails().stream().collect(Collectors.groupingBy(
                    ManyVirtualMtasTest::virtualMta,
                    Collectors.mapping(m -> m.client() + " " + m.ehlo(), Collectors.toSet())));
            assertThat(ways).hasSize(VIRTUAL_MTAS);
            for (int v = 0; v < VIRTUAL_MTAS; v++)
                assertThat(ways.get("v" + v)).containsExactly("127.27.1." + (v + 1) + " v" + v + ".gw.test");
            gateway.recordsWhenDone();
            gateway.assertConserved(mx);
        }
    }

    /** The sender wrote it into the recipient. */
    private static String virtualMta(ReceivedMail mail) {
        String recipient = mail.recipients().getFirst();
        return recipient.substring(0, recipient.indexOf('-'));
    }

    private static String config(Mx mx) {
        String virtualMtas = IntStream.range(0, VIRTUAL_MTAS)
                .mapToObj(v -> "  v%d: { smtp-source-host: [ \"127.27.1.%d v%d.gw.test\" ] }\n".formatted(v, v + 1, v))
                .collect(Collectors.joining());
        return """
                host-name: gw.test
                smtp-listener: [ "127.27.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: yes, process-x-virtual-mta: yes }
                domain:
                  "*": { smtp-hosts: [ "%s" ], max-smtp-out: 2 }
                acct-file: { path: acct.csv, records: [ d, b, t ] }
                virtual-mta:
                """.formatted(mx.hop()) + virtualMtas;
    }
}
