package org.caravanmta.submission.broker;

import java.util.ArrayList;
import java.util.List;

/** Addresses with commas or line ends between them; within quotation marks (RFC 5321 §4.1.2) neither separates. */
final class RecipientList {

    private RecipientList() {
    }

    static List<String> of(String text) {
        List<String> addresses = new ArrayList<>();
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\')
                i++;
            else if (c == '"')
                quoted = !quoted;
            else if (!quoted && (c == ',' || c == '\n')) {
                add(addresses, text.substring(from, i));
                from = i + 1;
            }
        }
        add(addresses, text.substring(from));
        return addresses;
    }

    private static void add(List<String> addresses, String address) {
        String stripped = address.strip();
        if (!stripped.isEmpty())
            addresses.add(stripped.startsWith("<") && stripped.endsWith(">") && stripped.length() > 2
                    ? stripped.substring(1, stripped.length() - 1) : stripped);
    }
}
