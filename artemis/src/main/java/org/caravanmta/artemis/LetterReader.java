package org.caravanmta.artemis;

import java.io.IOException;

import org.caravanmta.submission.broker.Letter;
import org.caravanmta.submission.broker.Verdict;

/** Who hands letters in. */
@FunctionalInterface
public interface LetterReader {

    /** Waits until the mail is durable, or refused. Called by many threads. */
    Verdict read(Letter letter) throws IOException;
}
