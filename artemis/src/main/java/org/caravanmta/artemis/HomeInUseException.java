package org.caravanmta.artemis;

/** Another process, or another broker of this one, has the home folder. Nothing in it was touched. */
public class HomeInUseException extends RuntimeException {

    public HomeInUseException(String message) {
        super(message);
    }
}
