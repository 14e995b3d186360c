package org.caravanmta.demo;

import java.net.InetSocketAddress;
import java.util.List;

/** What the demonstration sends, through whom, and what the receiver answers. */
final class DemoScript {

    static final List<String> VIRTUAL_MTAS = List.of("news", "orders", "alerts");
    private static final List<String> DOMAINS = List.of("mailbox.example", "inbox.example", "post.example",
            "later.example", "gone.example");

    private DemoScript() {
    }

    static String config(InetSocketAddress mx) {
        return """
                smtp-listener: [ "127.0.0.1:0" ]
                source:
                  127.0.0.0/8: { always-allow-relaying: true, process-x-virtual-mta: true, suppress-local-dsn: true }
                virtual-mta:
                  news:   { smtp-source-host: [ "127.0.1.1 news.sender.example" ] }
                  orders: { smtp-source-host: [ "127.0.1.2 orders.sender.example" ] }
                  alerts: { smtp-source-host: [ "127.0.1.3 alerts.sender.example" ] }
                domain:
                  "*": { smtp-hosts: [ "%s:%d" ], max-smtp-out: 10, retry-after: [ 1s ], bounce-after: 1h }
                acct-file:
                  - { path: acct.csv, records: [ d, b, t ] }
                """.formatted(mx.getAddress().getHostAddress(), mx.getPort());
    }

    /** {@code later.example} says 451 to the first try of each recipient; {@code gone.example} 550 to one in two. */
    static String recipient(int i) {
        return "user" + i + "@" + DOMAINS.get(i / 3 % DOMAINS.size());
    }

    static boolean refusedForGood(String recipient) {
        return recipient.endsWith("@gone.example") && (recipient.charAt(recipient.indexOf('@') - 1) & 1) == 0;
    }

    static boolean refusedOnce(String recipient) {
        return recipient.endsWith("@later.example");
    }

    static String message(int i) {
        return "X-Virtual-MTA: " + VIRTUAL_MTAS.get(i % 3) + "\r\nX-Job: demo\r\nFrom: <news@sender.example>\r\nTo: <"
                + recipient(i) + ">\r\nSubject: demonstration " + i + "\r\n\r\n"
                + "One of the messages of the demonstration.\r\n".repeat(40);
    }
}
