package org.caravanmta.config.value;

/** What operators know as a switch, and may have in their files as long as it is off. */
public record Never(String why) implements Grammar<Boolean> {

    @Override
    public String expected() {
        return "no";
    }

    @Override
    public Boolean parse(String text) throws Misunderstood {
        if (new YesNo().parse(text))
            throw misunderstood(why);
        return false;
    }
}
