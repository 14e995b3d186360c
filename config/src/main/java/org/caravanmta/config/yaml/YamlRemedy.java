package org.caravanmta.config.yaml;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What an operator should do about broken YAML: the few mistakes that mail configurations invite. */
final class YamlRemedy {

    private YamlRemedy() {
    }

    static String of(String text, Mark mark, MarkedYAMLException e) {
        String said = e.getContext() + " " + e.getProblem();
        char at = mark == null || mark.getIndex() >= text.length() ? 0 : text.charAt(text.offsetByCodePoints(0,
                Math.min(mark.getIndex(), text.codePointCount(0, text.length()) - 1)));
        if (at == '\t' || said.contains("\\t"))
            return "indent with blanks, not with tabs";
        if (said.contains("alias"))
            return "put patterns that begin with * in quotes: \"*.example.com\"";
        if (at == '%' || at == '@' || at == '`')
            return "put the value in quotes";
        if (said.contains("flow"))
            return "a bracket or a comma is missing here or before";
        if (said.contains("single document"))
            return "one file holds one document: take the line --- away";
        if (said.contains("mapping values are not allowed"))
            return "check the indentation; a value with \": \" in it needs quotes";
        return "check the indentation and the quotes here and in the line before";
    }
}
