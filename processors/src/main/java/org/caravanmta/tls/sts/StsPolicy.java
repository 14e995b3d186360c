package org.caravanmta.tls.sts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A policy of a domain (RFC 8461 §3.2).
 *
 * @param mx     host names in lower case; a {@code *.} at the beginning stands for one label
 * @param maxAge how long it may be kept
 */
public record StsPolicy(Mode mode, List<String> mx, Duration maxAge) {

    /** What happens to mail when a host does not do what the policy demands. */
    public enum Mode {
        /** It is not sent there. */
        ENFORCE,
        /** It is sent, and the fault is noted. */
        TESTING,
        /** As if there were no policy. */
        NONE
    }

    /** RFC 8461 §3.2: a year and a day. */
    static final Duration LONGEST_AGE = Duration.ofSeconds(31_557_600);
    static final int MOST_MX = 1_000;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
    private static final Pattern MX = Pattern
            .compile("(?:\\*\\.)?(?=[^ ]{1,253}$)[a-z0-9](?:[a-z0-9_-]{0,62})(?:\\.[a-z0-9](?:[a-z0-9_-]{0,62}))*");
    private static final Pattern AGE = Pattern.compile("[0-9]{1,10}");

    /** A text is no policy; the message says why, in one line without anything of the text. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1;

        MalformedException(String why) {
            super(why);
        }
    }

    /** Whether mail may go to the host, by its name in any case, without a dot at the end (RFC 8461 §4.1). */
    public boolean allows(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String behindFirstLabel = name.substring(name.indexOf('.') + 1);
        for (String pattern : mx)
            if (pattern.startsWith("*.")
                    ? name.length() > pattern.length() - 1 && behindFirstLabel.equals(pattern.substring(2))
                    : pattern.equals(name))
                return true;
        return false;
    }

    /**
     * Reads the file. Lines end with LF or CRLF; empty ones do not matter, nor do keys that nobody knows; of a key that
     * stands there twice the first one counts, but for {@code mx}.
     *
     * @throws MalformedException it is none, so the domain is treated as one without
     */
    static StsPolicy parse(String text) throws MalformedException {
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> mx = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) {
            String field = withoutTrailingBlanks(line);
            if (field.isEmpty())
                continue;
            int colon = field.indexOf(':');
            if (colon < 0 || !KEY.matcher(field.substring(0, colon)).matches() || hasControls(field))
                throw new MalformedException("a line that is no \"key: value\"");
            String value = field.substring(colon + 1).replaceFirst("^[ \t]+", "");
            if (field.startsWith("mx:"))
                mx.add(mx(value, mx.size()));
            else
                fields.putIfAbsent(field.substring(0, colon), value);
        }
        if (!"STSv1".equals(fields.get("version")))
            throw new MalformedException("no version STSv1");
        Mode mode = mode(fields.get("mode"));
        if (mx.isEmpty() && mode != Mode.NONE)
            throw new MalformedException("no mx");
        return new StsPolicy(mode, List.copyOf(mx), age(fields.get("max_age")));
    }

    private static String mx(String value, int before) throws MalformedException {
        String pattern = value.toLowerCase(Locale.ROOT);
        if (!MX.matcher(pattern).matches())
            throw new MalformedException("an mx that is no host name");
        if (before == MOST_MX)
            throw new MalformedException("more than " + MOST_MX + " mx");
        return pattern;
    }

    private static Mode mode(String value) throws MalformedException {
        return switch (value) {
            case "enforce" -> Mode.ENFORCE;
            case "testing" -> Mode.TESTING;
            case "none" -> Mode.NONE;
            case null, default -> throw new MalformedException("no mode of enforce, testing, none");
        };
    }

    private static Duration age(String value) throws MalformedException {
        if (value == null || !AGE.matcher(value).matches())
            throw new MalformedException("no max_age in seconds");
        return Duration.ofSeconds(Math.min(LONGEST_AGE.toSeconds(), Long.parseLong(value)));
    }

    private static String withoutTrailingBlanks(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t'))
            end--;
        return line.substring(0, end);
    }

    /** A CR alone is one of them: it ends no line. */
    private static boolean hasControls(String field) {
        return field.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f);
    }
}
