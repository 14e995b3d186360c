package org.caravanmta.config.accounting;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * What becomes of a column's personal part.
 *
 * @param column its name; null means every column that holds addresses
 * @param kind   what is done
 * @param text   what stands in its place, for {@link Kind#REDACT}; else null
 * @param key    the secret, as lower-case hex, for {@link Kind#HMAC_SHA256}; else null
 */
public record Privacy(String column, Kind kind, String text, String key) {

    public enum Kind {
        RETAIN, REDACT, HMAC_SHA256
    }

    /** The secret is not shown. */
    @Override
    public String toString() {
        return (column == null ? "" : column + " ") + kind;
    }

    /** {@code [COLUMN] retain}, {@code [COLUMN] redact ["X"]}, {@code [COLUMN] hmac-sha256[-hexkey] KEY}. */
    public record Form() implements Grammar<Privacy> {

        @Override
        public String expected() {
            return "a policy, with a column before it if it is for one only: retain, redact, redact \"X\", "
                    + "hmac-sha256 KEY or hmac-sha256-hexkey HEX";
        }

        @Override
        public Privacy parse(String text) throws Misunderstood {
            String[] words = text.split("\\s+", 2);
            if (policy(words[0]))
                return of(null, words[0], words.length < 2 ? null : words[1]);
            boolean header = words[0].startsWith(RecordFields.HEADER);
            if (!header && AcctField.of(words[0]) == null)
                throw misunderstood("there is no column and no policy " + words[0]);
            if (Set.of("type", "timeLogged", "timeQueued", "timeFirstAttempt", "totalSecondsQueued", "dlvSize",
                    "recordId")
                    .contains(words[0]))
                throw misunderstood(words[0] + " holds nothing personal");
            if (words.length < 2)
                throw misunderstood("say what becomes of the column");
            String[] rest = words[1].split("\\s+", 2);
            return of(words[0], rest[0], rest.length < 2 ? null : rest[1]);
        }

        private static boolean policy(String word) {
            return word.equals("retain") || word.equals("redact") || word.startsWith("hmac-sha256")
                    || word.startsWith("siphash");
        }

        private Privacy of(String column, String policy, String value) throws Misunderstood {
            return switch (policy) {
                case "retain" -> {
                    if (value != null)
                        throw misunderstood("nothing follows retain");
                    yield new Privacy(column, Kind.RETAIN, null, null);
                }
                case "redact" -> new Privacy(column, Kind.REDACT, value == null ? "X" : unquoted(value), null);
                case "hmac-sha256" -> new Privacy(column, Kind.HMAC_SHA256, null,
                        HexFormat.of().formatHex(key(value).getBytes(StandardCharsets.UTF_8)));
                case "hmac-sha256-hexkey" -> new Privacy(column, Kind.HMAC_SHA256, null, hex(key(value)));
                default ->
                    throw misunderstood(policy.startsWith("siphash") ? "siphash is not supported: use hmac-sha256"
                            : "there is no policy " + policy);
            };
        }

        private String key(String value) throws Misunderstood {
            if (value == null || unquoted(value).isEmpty())
                throw misunderstood("a key follows");
            return unquoted(value);
        }

        private String hex(String key) throws Misunderstood {
            try {
                return HexFormat.of().formatHex(HexFormat.of().parseHex(key));
            } catch (IllegalArgumentException _) {
                throw misunderstood("the key is written in hex digits, an even number of them");
            }
        }

        private static String unquoted(String s) {
            return s.length() >= 2 && s.startsWith("\"") && s.endsWith("\"") ? s.substring(1, s.length() - 1) : s;
        }
    }
}
