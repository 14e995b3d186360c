package org.caravanmta.config.accounting;

import java.util.Locale;

/** How records are written. */
public enum AcctFormat {
    /** RFC 4180. */
    CSV,
    /** XML 1.0, by {@code accounting.xsd}. */
    XML,
    /** One JSON object for each line. */
    JSON;

    /** By the end of a path: {@code .xml}, {@code .json}, {@code .jsonl}; CSV for any other. */
    public static AcctFormat ofPath(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".xml"))
            return XML;
        return lower.endsWith(".json") || lower.endsWith(".jsonl") ? JSON : CSV;
    }
}
