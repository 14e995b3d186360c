package org.caravanmta.config;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.IpEndpoint;
import org.caravanmta.config.value.Misunderstood;

/** {@code IP:PORT}, or {@code IP:PORT source=NAME}. */
record ListenerGrammar() implements Grammar<SmtpListener> {

    static final String SOURCE = "source=";
    private static final IpEndpoint ADDRESS = new IpEndpoint(-1, 0);

    @Override
    public String expected() {
        return ADDRESS.expected() + ", or IP:PORT source=NAME";
    }

    @Override
    public SmtpListener parse(String text) throws Misunderstood {
        String[] words = text.split("\\s+");
        if (words.length > 2 || words.length == 2 && !words[1].startsWith(SOURCE))
            throw misunderstood("behind IP:PORT stands source=NAME or nothing");
        String source = words.length == 1 ? null : words[1].substring(SOURCE.length());
        if (source != null && !NamedSource.is(source))
            throw misunderstood(NamedSource.HINT);
        try {
            return new SmtpListener(ADDRESS.parse(words[0]), source);
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }
}
