package org.caravanmta.submission.intake;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Names for messages in Received and Message-ID: unique for this host across restarts, no secrets. Any thread. */
final class MessageIds {

    private final AtomicLong next;

    MessageIds(long startedAtMs) {
        next = new AtomicLong(startedAtMs << 20 | new SecureRandom().nextInt(1 << 20));
    }

    /** Twelve or thirteen letters and digits. */
    String next() {
        return Long.toString(next.incrementAndGet(), 36);
    }
}
