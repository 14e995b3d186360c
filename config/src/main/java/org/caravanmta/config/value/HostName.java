package org.caravanmta.config.value;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host or domain name. The value is in ASCII and lower case, without a dot at the end; names in other scripts are
 * turned into their {@code xn--} form (RFC 3490).
 */
public record HostName() implements Grammar<String> {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

    @Override
    public String expected() {
        return "a host name";
    }

    @Override
    public String parse(String text) throws Misunderstood {
        String name = ascii(text);
        if (name.isEmpty() || name.length() > 253)
            throw misunderstood("a name has 1 to 253 characters");
        for (String label : name.split("\\.", -1))
            if (!LABEL.matcher(label).matches())
                throw misunderstood("letters, digits and hyphens between dots, such as mta1.example.com");
        if (name.matches("[0-9.]+"))
            throw misunderstood("a name such as mta1.example.com, not a number or address");
        return name;
    }

    /** Lower-case ASCII form for comparisons; text that is no name comes back in lower case. */
    public static String ascii(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        try {
            return (isAscii(name) ? name : IDN.toASCII(name, IDN.ALLOW_UNASSIGNED)).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    private static boolean isAscii(String s) {
        for (int i = 0; i < s.length(); i++)
            if (s.charAt(i) > 127)
                return false;
        return true;
    }
}
