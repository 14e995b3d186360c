package org.caravanmta.dkim;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Messages of every odd form that the SMTP server takes: folded and repeated fields, blanks, empty lines, 8 bit. */
final class GeneratedMessages {

    private static final String[] NAMES = { "From", "To", "Subject", "Date", "Reply-To", "Message-ID", "MIME-Version",
            "Content-Type", "Cc", "List-Unsubscribe", "X-Mailer", "Received", "cONTENT-tRANSFER-eNCODING" };
    private static final String[] BLANKS = { " ", "\t", "  ", " \t ", "\r\n ", "\r\n\t  ", "" };

    private final Random random;

    GeneratedMessages(long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        StringBuilder b = new StringBuilder("From: a@example.com\r\n");
        for (int i = random.nextInt(12); i > 0; i--) {
            b.append(NAMES[random.nextInt(NAMES.length)]).append(random.nextInt(8) == 0 ? " :" : ":");
            for (int w = random.nextInt(6); w > 0; w--)
                b.append(pick(BLANKS)).append(word());
            b.append(random.nextInt(4) == 0 ? "  " : "").append("\r\n");
        }
        b.append("\r\n");
        for (int i = random.nextInt(20); i > 0; i--) {
            for (int w = random.nextInt(5); w > 0; w--)
                b.append(pick(" ", "\t", "  ", " \t", "")).append(word());
            b.append(pick("", "", " ", "\t ")).append("\r\n");
        }
        return b.append("\r\n".repeat(random.nextInt(3))).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String pick(String... some) {
        return some[random.nextInt(some.length)];
    }

    private String word() {
        StringBuilder b = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--)
            b.append((char) (random.nextInt(20) == 0 ? 128 + random.nextInt(128) : '!' + random.nextInt(94)));
        return b.toString();
    }
}
