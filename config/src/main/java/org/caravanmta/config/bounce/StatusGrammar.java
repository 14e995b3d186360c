package org.caravanmta.config.bounce;

import org.caravanmta.config.bounce.ReplyCondition.StatusPattern;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/** {@code 5.1.1}, {@code x.1.1}, {@code x.1.x}. */
record StatusGrammar() implements Grammar<StatusPattern> {

    @Override
    public String expected() {
        return "an enhanced status such as 5.1.1, x.1.1 or x.1.x";
    }

    @Override
    public StatusPattern parse(String text) throws Misunderstood {
        if (!text.matches("[45x]\\.([0-9]{1,3}|x)\\.([0-9]{1,3}|x)"))
            throw misunderstood("three numbers with dots between them; x stands for any");
        String[] part = text.split("\\.");
        return new StatusPattern(number(part[0]), number(part[1]), number(part[2]));
    }

    private static int number(String digits) {
        return digits.equals("x") ? -1 : Integer.parseInt(digits);
    }
}
