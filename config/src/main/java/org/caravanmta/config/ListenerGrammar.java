package org.caravanmta.config;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.IpEndpoint;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.YesNo;

/** {@code IP:PORT}, and behind it {@code source=NAME} and {@code immediate-tls=yes} in any order. */
record ListenerGrammar() implements Grammar<SmtpListener> {

    static final String SOURCE = "source=";
    private static final String IMMEDIATE_TLS = "immediate-tls=";
    private static final IpEndpoint ADDRESS = new IpEndpoint(-1, 0);

    @Override
    public String expected() {
        return ADDRESS.expected() + ", behind it source=NAME and immediate-tls=yes where they are meant";
    }

    @Override
    public SmtpListener parse(String text) throws Misunderstood {
        String[] words = text.split("\\s+");
        try {
            return new SmtpListener(ADDRESS.parse(words[0]), source(option(words, SOURCE)),
                    option(words, IMMEDIATE_TLS) != null && new YesNo().parse(option(words, IMMEDIATE_TLS)));
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }

    /** What stands behind the name; null when it is not written. */
    private String option(String[] words, String name) throws Misunderstood {
        String value = null;
        for (int i = 1; i < words.length; i++)
            if (!words[i].startsWith(SOURCE) && !words[i].startsWith(IMMEDIATE_TLS))
                throw misunderstood("behind IP:PORT stands source=NAME, immediate-tls=yes, both or nothing");
            else if (words[i].startsWith(name) && value != null)
                throw misunderstood("say " + name + " once");
            else if (words[i].startsWith(name))
                value = words[i].substring(name.length());
        return value;
    }

    private String source(String name) throws Misunderstood {
        if (name != null && !NamedSource.is(name))
            throw misunderstood(NamedSource.HINT);
        return name;
    }
}
