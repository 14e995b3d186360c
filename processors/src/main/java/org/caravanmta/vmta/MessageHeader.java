package org.caravanmta.vmta;

import java.util.function.Predicate;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.message.header.HeaderSection;

/**
 * The header of one message as its sender wrote it: {@code x-virtual-mta}, {@code x-job} and {@code x-envid} are found
 * although they have been taken out, where the source lets them count. Read when first asked. Not thread-safe.
 */
final class MessageHeader {

    private final SubmittedMessage message;
    private HeaderSection section;

    MessageHeader(SubmittedMessage message) {
        this.message = message;
    }

    /** Whether a field of that name has such a value. */
    boolean any(String name, Predicate<String> value) {
        String own = own(name);
        return own != null ? value.test(own) : section().any(name, value);
    }

    /** The value of the first field of that name that has one; null when there is none. */
    String first(String name) {
        String own = own(name);
        return own != null ? own : section().first(name);
    }

    private String own(String name) {
        if (name.equalsIgnoreCase("x-job"))
            return message.jobId();
        if (name.equalsIgnoreCase("x-envid"))
            return message.envId();
        return name.equalsIgnoreCase("x-virtual-mta") ? message.xVirtualMta() : null;
    }

    private HeaderSection section() {
        if (section == null)
            section = HeaderSection.of(message.content());
        return section;
    }
}
