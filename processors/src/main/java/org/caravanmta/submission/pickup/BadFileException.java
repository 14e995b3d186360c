package org.caravanmta.submission.pickup;

import java.io.IOException;

/** A file that is not taken; the message is for the one who wrote it. */
final class BadFileException extends IOException {

    private static final long serialVersionUID = 1L;

    BadFileException(String reason) {
        super(reason);
    }
}
