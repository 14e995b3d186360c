package org.caravanmta.config.bounce;

import org.caravanmta.config.bounce.ReplyCondition.CodePattern;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** {@code 550}, {@code 55x}, {@code 5xx}. */
record CodeGrammar() implements Grammar<CodePattern> {

    @Override
    public String expected() {
        return "a reply code such as 550, 55x or 5xx";
    }

    @Override
    public CodePattern parse(String text) throws Misunderstood {
        if (!text.matches("[45]([0-9]{2}|[0-9]x|xx)"))
            throw misunderstood("three digits; x stands for any at the end");
        return new CodePattern(Integer.parseInt(text.replace('x', '0')), Integer.parseInt(text.replace('x', '9')));
    }
}
