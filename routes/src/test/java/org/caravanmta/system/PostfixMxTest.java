package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Postfix receives what the gateway sends, into a Maildir. */
class PostfixMxTest {

    private static final int NOBODY = 65534;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void postfixTakesWhatTheGatewaySends() throws Exception {
        Path maildir = folder.resolve("postfix/mail");
        try (Postfix postfix = Postfix.start(Files.createDirectory(folder.resolve("postfix")), "127.25.0.2",
                "virtual_mailbox_domains = inline:{one.test=x, two.test=x}",
                "virtual_mailbox_base = " + folder.resolve("postfix"), "virtual_mailbox_maps = static:mail/",
                "virtual_uid_maps = static:" + NOBODY, "virtual_gid_maps = static:" + NOBODY,
                "smtpd_recipient_restrictions = check_recipient_access inline:{"
                        + "{gone@one.test = 550 5.1.1 no such user}, {busy@one.test = 450 4.2.0 busy}}");
                LocalGateway gateway = LocalGateway.start(Files.createDirectory(folder.resolve("home")), """
                        host-name: gw.test
                        smtp-listener: [ "127.25.0.1:0" ]
                        source:
                          127.0.0.0/8: { always-allow-relaying: yes, default-virtual-mta: a }
                        virtual-mta:
                          a: { smtp-source-host: [ "127.25.1.1 a.gw.test" ] }
                        domain:
                          "*": { smtp-hosts: [ "127.25.0.2:%d" ], retry-after: [ 1s ], bounce-after: 3s }
                        acct-file: { path: acct.csv, records: [ d, b, t ] }
                        """.formatted(postfix.address().getPort()));
                SmtpClient client = SmtpClient.connect(gateway.listener())) {
            makeMaildir(maildir);
            List<String> expected = new ArrayList<>();
            for (int i : IntStream.range(0, 100).toArray()) {
                expected.add("u" + i + "@" + (i % 2 == 0 ? "one" : "two") + ".test");
                assertThat(client.submit(SmtpClient.text("X-Number: " + i), expected.getLast())).startsWith("250");
            }
            assertThat(client.submit("Subject: dots\r\n\r\n.\r\n..\r\nb\u00f6dy\r\n", "dots@one.test", "gone@one.test",
                    "busy@one.test", "dots@two.test")).startsWith("250");
            expected.addAll(List.of("dots@one.test", "dots@two.test"));

            List<AcctCsv.Line> records = gateway.recordsWhenDone();
            List<String> mails = mails(maildir);
            assertThat(mails.stream().map(m -> field(m, "Delivered-To: ")))
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(mails).allMatch(m -> m.contains("Received: from a.gw.test (unknown [127.25.1.1])")
                    && m.contains("Return-Path: <" + SmtpClient.SENDER + ">"));
            assertThat(mails.stream().filter(m -> m.contains("Subject: dots")))
                    .allMatch(m -> m.endsWith("\n\n.\n..\nb\u00f6dy\n"));
            assertThat(records.stream().filter(AcctCsv.Line::delivered).map(AcctCsv.Line::rcpt))
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(records.stream().filter(AcctCsv.Line::failed)
                    .collect(Collectors.toMap(AcctCsv.Line::rcpt, r -> r.get("bounceCat").equals("message-expired"))))
                    .hasSize(2).containsEntry("gone@one.test", false).containsEntry("busy@one.test", true);
            assertThat(postfix.logged("status=sent (delivered to maildir)")).isEqualTo(expected.size());
            assertThat(gateway.gateway().conservation().holds()).isTrue();
        }
    }

    private static void makeMaildir(Path maildir) throws Exception {
        Files.createDirectories(maildir);
        Files.setAttribute(maildir, "unix:uid", NOBODY);
    }

    /** Once Postfix has put all that it took into the Maildir. */
    private static List<String> mails(Path maildir) throws Exception {
        await("mail in the Maildir").atMost(Mx.LIMIT)
                .until(() -> files(maildir).size() >= 102);
        List<String> mails = new ArrayList<>();
        for (Path f : files(maildir))
            mails.add(Files.readString(f, StandardCharsets.ISO_8859_1));
        return mails;
    }

    private static List<Path> files(Path maildir) throws IOException {
        if (!Files.exists(maildir.resolve("new")))
            return List.of();
        try (Stream<Path> all = Files.list(maildir.resolve("new"))) {
            return all.toList();
        }
    }

    private static String field(String mail, String name) {
        int begin = mail.indexOf(name) + name.length();
        return mail.substring(begin, mail.indexOf('\n', begin));
    }
}
