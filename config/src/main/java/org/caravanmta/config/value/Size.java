package org.caravanmta.config.value;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SIZE: {@code 10M}; units b k m g t (powers of 1024) in either case, none means bytes. The value is in bytes. */
public record Size(long lowest, long highest) implements Grammar<Long> {

    private static final Pattern FORM = Pattern.compile("([0-9]+)([bkmgtBKMGT]?)");

    @Override
    public String expected() {
        return "a size from " + text(lowest) + " to " + text(highest) + ", such as 10M";
    }

    @Override
    public Long parse(String text) throws Misunderstood {
        if (text.equals("unlimited") && lowest == 0)
            return 0L;
        Matcher m = FORM.matcher(text);
        if (!m.matches())
            throw misunderstood("a whole number and one of the units b, k, m, g, t, without blanks: 10M");
        long unit = switch (m.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            case "t" -> 1L << 40;
            default -> 1;
        };
        long bytes = Digits.times(Digits.saturated(m.group(1)), unit);
        if (bytes < lowest)
            throw misunderstood("the lowest value is " + text(lowest));
        if (bytes > highest)
            throw misunderstood("the highest value is " + text(highest));
        return bytes;
    }

    /** The shortest exact form: {@code 10M}. */
    public static String text(long bytes) {
        String[] units = { "", "K", "M", "G", "T" };
        int u = 0;
        for (; u < 4 && bytes != 0 && bytes % 1024 == 0; u++)
            bytes /= 1024;
        return bytes + units[u];
    }
}
