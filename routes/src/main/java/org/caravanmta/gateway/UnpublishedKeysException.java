package org.caravanmta.gateway;

import java.util.List;

/** Keys that are to be checked do not match what is published: nothing is started. */
public final class UnpublishedKeysException extends Exception {

    UnpublishedKeysException(List<String> objections) {
        super(String.join("\n  ", objections));
    }
}
