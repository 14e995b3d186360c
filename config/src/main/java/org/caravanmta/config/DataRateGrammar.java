package org.caravanmta.config;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.Size;

/** DATA RATE: {@code unlimited}, {@code 0} (the same), or {@code N[b|k|m|g|t]/[M]unit}. The count is in bytes. */
record DataRateGrammar() implements Grammar<Rate> {

    private static final Size BYTES = new Size(1, 1L << 50);
    private static final RateGrammar RATE = new RateGrammar();

    @Override
    public String expected() {
        return "a data rate such as 12M/min, 1G/h or unlimited";
    }

    @Override
    public Rate parse(String text) throws Misunderstood {
        if (text.equals("unlimited") || text.equals("0"))
            return Rate.UNLIMITED;
        int slash = text.indexOf('/');
        if (slash < 0)
            throw misunderstood("say per what: " + text + "/h, /min, /s or /d");
        try {
            long bytes = BYTES.parse(text.substring(0, slash).strip());
            return new Rate(bytes, RATE.parse("1/" + text.substring(slash + 1).strip()).per());
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }
}
