package org.caravanmta.config.value;

/** A whole number between two bounds, both included. */
public record WholeNumber(int lowest, int highest) implements Grammar<Integer> {

    @Override
    public String expected() {
        return "a whole number from " + lowest + " to " + highest;
    }

    @Override
    public Integer parse(String text) throws Misunderstood {
        if (text.equals("unlimited") && lowest == 0)
            return 0;
        if (!text.matches("-?[0-9]+"))
            throw misunderstood(lowest == 0 ? "digits only; 0 means unlimited" : "digits only");
        long n = Digits.saturated(text);
        if (n < lowest)
            throw misunderstood("the lowest value is " + lowest);
        if (n > highest)
            throw misunderstood("the highest value is " + highest);
        return (int) n;
    }
}
