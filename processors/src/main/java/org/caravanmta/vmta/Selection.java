package org.caravanmta.vmta;

import java.util.List;
import java.util.Map;

import org.caravanmta.message.Recipient;

/** What {@link VirtualMtaSelector} says about a message. */
public sealed interface Selection {

    /**
     * One way for all recipients.
     *
     * @param pool the pool whose member the VirtualMTA is; null when it was chosen by its own name
     */
    record Chosen(String virtualMta, String pool) implements Selection {
    }

    /** Recipients part; every recipient is in exactly one part, and there are at least two parts. */
    record Parted(Map<Chosen, List<Recipient>> parts) implements Selection {
    }

    /** The message is not taken. */
    sealed interface Refused extends Selection {
        String name();
    }

    /** A name that nobody configured. */
    record Unknown(String name) implements Refused {
    }

    /** A name that the source may not use. */
    record NotAllowed(String name) implements Refused {
    }
}
