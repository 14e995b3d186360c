package org.caravanmta.sink;

import java.util.Locale;

/** A pattern of literal characters and {@code *}; case-insensitive. */
record Glob(String pattern) {

    Glob {
        pattern = pattern.toLowerCase(Locale.ROOT);
    }

    boolean matches(String text) {
        String t = text.toLowerCase(Locale.ROOT);
        int p = 0;
        int star = -1;
        int mark = 0;
        for (int i = 0; i < t.length();) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = i;
            } else if (p < pattern.length() && pattern.charAt(p) == t.charAt(i)) {
                p++;
                i++;
            } else if (star >= 0) {
                p = star + 1;
                i = ++mark;
            } else
                return false;
        }
        while (p < pattern.length() && pattern.charAt(p) == '*')
            p++;
        return p == pattern.length();
    }
}
