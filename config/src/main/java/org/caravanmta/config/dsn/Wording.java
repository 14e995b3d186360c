package org.caravanmta.config.dsn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;

/**
 * Subject and text of one kind of report, with fields such as <code>${recipient}</code> in them. A field becomes its
 * value, and what the value holds is never looked at again: nothing is evaluated.
 *
 * @param body lines end in LF
 */
public record Wording(String subject, String body) {

    /** What may stand between <code>${</code> and <code>}</code>. */
    public enum Field {
        HOSTNAME, SENDER, RECIPIENT, RECIPIENTS, COUNT, SUBJECT, STATUS, RESPONSE, TIMEQUEUED, TIMENOW, TIMEEXPIRES, ENVID;

        private static final Map<String, Field> BY_NAME = Map.ofEntries(Map.entry("hostname", HOSTNAME),
                Map.entry("sender", SENDER), Map.entry("recipient", RECIPIENT), Map.entry("recipients", RECIPIENTS),
                Map.entry("count", COUNT), Map.entry("subject", SUBJECT), Map.entry("status", STATUS),
                Map.entry("response", RESPONSE), Map.entry("timeQueued", TIMEQUEUED), Map.entry("timeNow", TIMENOW),
                Map.entry("timeExpires", TIMEEXPIRES), Map.entry("envId", ENVID));

        /** All of them, for people. */
        static String names() {
            return "${" + String.join("}, ${", new TreeSet<>(BY_NAME.keySet())) + "}";
        }
    }

    /** The first field in a text that is none; null when all are. */
    static String unknownField(String text) {
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
            int end = text.indexOf('}', at);
            if (end < 0 || !Field.BY_NAME.containsKey(text.substring(at + 2, end)))
                return text.substring(at, end < 0 ? Math.min(text.length(), at + 20) : end + 1);
        }
        return null;
    }

    /** A text with the values in the places of the fields; one that has no value becomes nothing. */
    public static String fill(String text, Map<Field, String> values) {
        StringBuilder b = new StringBuilder(text.length() + 200);
        int from = 0;
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", from)) {
            int end = text.indexOf('}', at);
            Field field = end < 0 ? null : Field.BY_NAME.get(text.substring(at + 2, end));
            int next = field == null ? at + 2 : end + 1;
            b.append(text, from, field == null ? next : at);
            if (field != null)
                b.append(values.getOrDefault(field, ""));
            from = next;
        }
        return b.append(text, from, text.length()).toString();
    }

    static Wording shipped(String kind) {
        try (InputStream in = Wording.class.getResourceAsStream(kind + ".txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            return new Wording(text.substring(0, end), text.substring(end + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
