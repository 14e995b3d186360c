package org.caravanmta.config.value;

/** Decimal digits to a number that never overflows. */
public final class Digits {

    private Digits() {
    }

    /** The number that {@code digits} (an optional minus sign, then ASCII digits only) says, or the nearest long. */
    public static long saturated(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException _) {
            return digits.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** {@code a * b} of two numbers that are not negative, or the largest long. */
    public static long times(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    /** {@code a + b} of two numbers that are not negative, or the largest long. */
    public static long plus(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }
}
