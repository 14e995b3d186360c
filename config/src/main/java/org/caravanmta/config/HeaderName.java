package org.caravanmta.config;

import java.util.regex.Pattern;

/** The name of a header field (RFC 5322 §3.6.8), without its colon. */
final class HeaderName {

    private static final Pattern FORM = Pattern.compile("[!-9;-~]{1,100}");

    private HeaderName() {
    }

    static boolean is(String text) {
        return FORM.matcher(text).matches();
    }
}
