package org.caravanmta.config;

import java.util.regex.Pattern;

/** Which keys of {@code source:} are names: {@code {name}}, or a name that begins with a letter. */
final class NamedSource {

    static final String HINT = "the name of a source begins with a letter and holds letters, digits and . _ - + @; "
            + "it may stand in { }";
    private static final String NAME = "[A-Za-z][A-Za-z0-9._@+-]{0,99}";
    private static final Pattern FORM = Pattern.compile(NAME + "|\\{" + NAME + "\\}");

    private NamedSource() {
    }

    static boolean is(String key) {
        return FORM.matcher(key).matches();
    }
}
