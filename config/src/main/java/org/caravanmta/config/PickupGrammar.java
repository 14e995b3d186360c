package org.caravanmta.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** {@code DIRECTORY BAD-DIRECTORY}, and behind them {@code source=NAME}. */
record PickupGrammar() implements Grammar<PickupDirectory> {

    @Override
    public String expected() {
        return "two folders, the second for files that are refused, such as \"pickup pickup-bad\", behind them "
                + "source=NAME where it is meant";
    }

    @Override
    public PickupDirectory parse(String text) throws Misunderstood {
        String[] words = text.strip().split("\\s+");
        if (words.length < 2 || words.length > 3)
            throw misunderstood("names with blanks are not possible");
        if (words.length == 3 && !words[2].startsWith(ListenerGrammar.SOURCE))
            throw misunderstood("behind the two folders stands source=NAME or nothing");
        String source = words.length == 2 ? PickupDirectory.SOURCE
                : words[2].substring(ListenerGrammar.SOURCE.length());
        if (!NamedSource.is(source))
            throw misunderstood(NamedSource.HINT);
        Path folder = folder(words[0]);
        Path bad = folder(words[1]);
        if (folder.startsWith(bad) || bad.startsWith(folder))
            throw misunderstood("neither folder may lie in the other");
        return new PickupDirectory(folder, bad, source);
    }

    private Path folder(String name) throws Misunderstood {
        try {
            return Path.of(name).normalize();
        } catch (InvalidPathException e) {
            throw misunderstood(e.getReason());
        }
    }
}
