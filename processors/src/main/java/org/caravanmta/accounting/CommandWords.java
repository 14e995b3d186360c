package org.caravanmta.accounting;

import java.util.ArrayList;
import java.util.List;

/** A command line as its words: separated by blanks, which may stand within double quotes. No shell, no variables. */
final class CommandWords {

    private CommandWords() {
    }

    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (char c : line.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
                any = true;
            } else if (c == ' ' && !quoted) {
                if (any)
                    words.add(word.toString());
                word.setLength(0);
                any = false;
            } else {
                word.append(c);
                any = true;
            }
        }
        if (any)
            words.add(word.toString());
        return words;
    }
}
