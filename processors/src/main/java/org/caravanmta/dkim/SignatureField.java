package org.caravanmta.dkim;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The text of one DKIM-Signature field (RFC 6376 §3.5), folded so that lines have at most about 76 characters. */
final class SignatureField {

    static final String NAME = "DKIM-Signature";

    private static final int LINE = 76;
    private static final String FOLD = "\r\n\t";

    private final StringBuilder text = new StringBuilder(800).append(NAME).append(':');
    private int column = text.length();
    private boolean first = true;

    /** Tags come in the order of these calls; {@code b=} is added at the end. */
    SignatureField tag(String name, String value) {
        if (!first)
            text.append(';');
        first = false;
        word(" ", name + "=" + value);
        return this;
    }

    /** The value has colons between its parts; lines may end behind them. */
    SignatureField tag(String name, List<String> parts) {
        tag(name, parts.getFirst());
        for (String part : parts.subList(1, parts.size())) {
            text.append(':');
            word("", part);
        }
        return this;
    }

    private void word(String between, String word) {
        if (column + between.length() + word.length() + 1 > LINE) {
            text.append(FOLD);
            column = 8;
        } else {
            text.append(between);
            column += between.length() + 1;
        }
        text.append(word);
        column += word.length();
    }

    /** What is signed of it: everything, with an empty {@code b=} and without a line end. */
    byte[] unsigned() {
        tag("b", "");
        return bytes(text);
    }

    /** The finished field, behind {@link #unsigned()}. */
    byte[] signed(byte[] signature) {
        String b = Base64.getEncoder().encodeToString(signature);
        int from = 0;
        int room = Math.max(4, LINE - column);
        while (from < b.length()) {
            if (from > 0)
                text.append(FOLD).append(' ');
            int to = Math.min(b.length(), from + room);
            text.append(b, from, to);
            from = to;
            room = LINE - 9;
        }
        return bytes(text.append("\r\n"));
    }

    private static byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
