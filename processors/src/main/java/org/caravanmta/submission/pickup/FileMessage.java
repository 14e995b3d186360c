package org.caravanmta.submission.pickup;

import java.io.InputStream;

import org.caravanmta.submission.intake.Envelope;

/** One message of a file. {@code content} is read once, before the next message of the file. */
record FileMessage(Envelope envelope, InputStream content) {
}
