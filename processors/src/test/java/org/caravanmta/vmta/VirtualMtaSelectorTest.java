package org.caravanmta.vmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;
import org.caravanmta.config.Source;
import org.caravanmta.message.BodyType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualMtaSelectorTest {

    private static final CaravanConfig CONFIG = config("""
            smtp-listener: [ "127.0.0.1:0 source={door}" ]
            invalid-virtual-mta-fallback: fallback
            virtual-mta:
              a: { smtp-source-host: "192.0.2.1 a.example" }
              b: { smtp-source-host: "192.0.2.2 b.example" }
              c: { smtp-source-host: "192.0.2.3 c.example" }
              fallback: { smtp-source-host: "192.0.2.9 f.example" }
            virtual-mta-pool:
              p: { virtual-mta: [ b, c ] }
              byrcpt: { virtual-mta: [ a, b, c ], sticky: rcpt-to }
              byheader: { virtual-mta: [ a, b, c ], sticky: header X-Customer }
            pattern-list:
              list:
                - "mail-from /^news@/ virtual-mta=b"
                - 'rcpt-to /@c\\.example$/ virtual-mta=c'
                - "header X-Kind /bulk/":
                    - 'rcpt-to /@d\\.example$/ call-to:other'
              other: [ "* virtual-mta=a" ]
            source:
              0/0: { always-allow-relaying: yes }
              10/8: { default-virtual-mta: a }
              11/8: { default-virtual-mta: a, pattern-list: list }
              12/8: { default-virtual-mta: a, allowed-virtual-mtas: [ a, p ] }
              13/8: { reject-invalid-virtual-mta: no }
              14/8: { default-virtual-mta: by-smtp-source-ip }
              15/8: { default-virtual-mta: by-smtp-source-ip, allowed-virtual-mtas: a }
              "{door}": { default-virtual-mta: c, allowed-virtual-mtas: "*" }
            """);

    private final VirtualMtaSelector selector = new VirtualMtaSelector(() -> CONFIG, MemberAvailability.ALL);

    private static CaravanConfig config(String yaml) {
        ConfigReader.Result r = ConfigReader.readText("c.yaml", yaml, () -> "gw.example.com");
        assertThat(r.problems()).isEmpty();
        return r.config();
    }

    private static SubmittedMessage message(String wayIn, String header, String from, List<String> to, String kind,
            String client, String door, String local) {
        Source source = CONFIG.sources().of(InetAddress.ofLiteral(client), door);
        return new SubmittedMessage(from, to.stream().map(Recipient::new).toList(), BodyType.SEVEN_BIT, false, wayIn,
                header, null, null, "smtp", "client", InetAddress.ofLiteral(client), InetAddress.ofLiteral(local),
                source, 0, null, null,
                new MessageContent.Inline(("X-Kind: " + kind + "\r\nX-Customer: " + kind + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII)),
                () -> {
                }, null);
    }

    private String chosen(SubmittedMessage m) {
        return switch (selector.select(m)) {
            case Selection.Chosen(String v, String pool) -> v + (pool == null ? "" : " of " + pool);
            case Selection.Unknown(String name) -> "unknown " + name;
            case Selection.NotAllowed(String name) -> "not allowed " + name;
            case Selection.Parted(var parts) -> "parted " + parts.size();
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            // way in | header | from       | to          | kind | client   | door   | local     | chosen
            "a        | b      | x@y        | x@c.example | -    | 11.0.0.1 | -      | 192.0.2.9 | a",
            "-        | b      | x@y        | x@c.example | -    | 11.0.0.1 | -      | 192.0.2.9 | b",
            "-        | -      | news@y     | x@c.example | -    | 11.0.0.1 | -      | 192.0.2.9 | b",
            "-        | -      | x@y        | x@c.example | -    | 11.0.0.1 | -      | 192.0.2.9 | c",
            "-        | -      | x@y        | x@C.EXAMPLE | -    | 11.0.0.1 | {door} | 192.0.2.9 | c",
            "-        | -      | x@y        | x@d.example | bulk | 11.0.0.1 | {door} | 192.0.2.9 | a",
            "-        | -      | x@y        | x@d.example | one  | 11.0.0.1 | {door} | 192.0.2.9 | c",
            "-        | -      | x@y        | x@d.example | one  | 11.0.0.1 | -      | 192.0.2.9 | a",
            "-        | -      | -          | x@e.example | -    | 10.0.0.1 | {door} | 192.0.2.9 | c",
            "-        | -      | -          | x@e.example | -    | 10.0.0.1 | -      | 192.0.2.9 | a",
            "-        | -      | -          | x@e.example | -    | 9.0.0.1  | -      | 192.0.2.9 | {default}",
            "-        | nobody | -          | x@e.example | -    | 10.0.0.1 | -      | 192.0.2.9 | unknown nobody",
            "nobody   | a      | -          | x@e.example | -    | 10.0.0.1 | -      | 192.0.2.9 | unknown nobody",
            "-        | nobody | -          | x@e.example | -    | 13.0.0.1 | -      | 192.0.2.9 | fallback",
            "-        | b      | -          | x@e.example | -    | 12.0.0.1 | -      | 192.0.2.9 | not allowed b",
            "b        | a      | -          | x@e.example | -    | 12.0.0.1 | -      | 192.0.2.9 | not allowed b",
            "-        | p      | -          | x@e.example | -    | 12.0.0.1 | -      | 192.0.2.9 | b of p",
            "-        | -      | -          | x@e.example | -    | 14.0.0.1 | -      | 192.0.2.2 | b",
            "-        | -      | -          | x@e.example | -    | 14.0.0.1 | -      | 192.0.2.8 | {default}",
            "-        | -      | -          | x@e.example | -    | 15.0.0.1 | -      | 192.0.2.1 | a",
            "-        | -      | -          | x@e.example | -    | 15.0.0.1 | -      | 192.0.2.2 | not allowed b" })
    void everyStepOfThePrecedence(String wayIn, String header, String from, String to, String kind, String client,
            String door, String local, String chosen) {
        assertThat(chosen(message(wayIn, header, from, List.of(to), kind, client, door, local))).isEqualTo(chosen);
    }

    @Test
    void randomMessagesGoWhereTheSlowModelSays() {
        Random random = new Random(7);
        String[] names = { null, null, null, "a", "b", "p", "nobody" };
        String[] froms = { null, "x@y", "news@y" };
        String[] tos = { "x@c.example", "x@d.example", "x@e.example" };
        String[] clients = { "9.0.0.1", "10.0.0.1", "11.0.0.1", "12.0.0.1", "13.0.0.1", "14.0.0.1", "15.0.0.1" };
        for (int i = 0; i < 5_000; i++) {
            String wayIn = pick(random, names);
            String header = pick(random, names);
            String from = pick(random, froms);
            String to = pick(random, tos);
            String kind = pick(random, "bulk", "one");
            String client = pick(random, clients);
            String door = pick(random, null, "{door}");
            String local = pick(random, "192.0.2.1", "192.0.2.2", "192.0.2.8");
            String got = chosen(message(wayIn, header, from, List.of(to), kind, client, door, local))
                    .replaceAll("^[bc] of ", "");
            assertThat(got).as(Stream.of(wayIn, header, from, to, kind, client, door, local).toList().toString())
                    .isEqualTo(model(wayIn != null ? wayIn : header, from, to, kind, client, door, local));
        }
    }

    private static String model(String wanted, String from, String to, String kind, String client, String door,
            String local) {
        String net = client.substring(0, client.indexOf('.'));
        boolean only = door == null && (net.equals("12") && !"a".equals(wanted) && !"p".equals(wanted)
                || net.equals("15") && !"a".equals(wanted));
        if ("nobody".equals(wanted))
            return net.equals("13") ? "fallback" : "unknown nobody";
        if (wanted != null)
            return only ? "not allowed " + wanted : wanted;
        if (net.equals("11") && "news@y".equals(from))
            return "b";
        if (net.equals("11") && to.equals("x@c.example"))
            return "c";
        if (net.equals("11") && to.equals("x@d.example") && kind.equals("bulk"))
            return "a";
        if (door != null)
            return "c";
        String byIp = local.equals("192.0.2.1") ? "a" : local.equals("192.0.2.2") ? "b" : "{default}";
        return switch (net) {
            case "10", "11", "12" -> "a";
            case "14" -> byIp;
            case "15" -> byIp.equals("a") ? "a" : "not allowed " + byIp;
            default -> "{default}";
        };
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void aPatternOnRecipientsPartsThem() {
        Selection s = selector.select(message(null, null, "x@y",
                List.of("1@c.example", "2@e.example", "3@c.example"), "one", "11.0.0.1", null, "192.0.2.9"));
        assertThat(((Selection.Parted) s).parts()).hasSize(2)
                .containsEntry(new Selection.Chosen("c", null),
                        List.of(new Recipient("1@c.example"), new Recipient("3@c.example")))
                .containsEntry(new Selection.Chosen("a", null), List.of(new Recipient("2@e.example")));
    }

    @Test
    void mailOfOneValueStaysWithOneMember() {
        for (int i = 0; i < 50; i++) {
            String rcpt = "user" + i + "@e.example";
            String first = chosen(message("byrcpt", null, "x@y", List.of(rcpt), "k", "10.0.0.1", null, "192.0.2.9"));
            assertThat(chosen(message("byrcpt", null, "x@y", List.of(rcpt.toUpperCase(java.util.Locale.ROOT)), "k",
                    "10.0.0.1", null, "192.0.2.9"))).isEqualTo(first);
            String kind = "customer" + i;
            String second = chosen(
                    message("byheader", null, "x@y", List.of("x@e.example"), kind, "10.0.0.1", null, "192.0.2.9"));
            assertThat(chosen(
                    message("byheader", null, "x@y", List.of("y@e.example"), kind, "10.0.0.1", null, "192.0.2.9")))
                    .isEqualTo(second);
        }
    }
}
