package org.caravanmta.config.value;

/** TCP and UDP ports. */
public final class Port {

    private Port() {
    }

    /** A port number from {@code lowest} to 65535; {@code expected} is the grammar it is a part of. */
    public static int parse(String text, int lowest, String expected) throws Misunderstood {
        long port = text.matches("[0-9]+") ? Digits.saturated(text) : -1;
        if (port < lowest || port > 65_535)
            throw new Misunderstood(expected, "a port is a number from " + lowest + " to 65535");
        return (int) port;
    }
}
