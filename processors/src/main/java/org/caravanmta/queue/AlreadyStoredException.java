package org.caravanmta.queue;

/** What was handed in under this id is stored already; nothing was stored again. */
public class AlreadyStoredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AlreadyStoredException(String id) {
        super("stored already: " + id);
    }
}
