package org.caravanmta.vmta;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.message.SubmittedMessage;

/**
 * The one precedence of VirtualMTA choice: {@code x-virtual-mta} header (where the source allows it), then the source's
 * {@code default-virtual-mta}, then {@code {default}}. Pure; any thread.
 */
public final class VirtualMtaSelector {

    /** Either a configured VirtualMTA, or a name that nobody configured. */
    public sealed interface Selection {
        String name();

        record Chosen(String name) implements Selection {
        }

        record Unknown(String name) implements Selection {
        }
    }

    private VirtualMtaSelector() {
    }

    public static Selection select(SubmittedMessage message, CaravanConfig config) {
        String wanted = message.virtualMta();
        if (wanted == null)
            wanted = message.source().defaultVirtualMta();
        if (wanted == null)
            wanted = VirtualMta.DEFAULT;
        return config.virtualMtas().containsKey(wanted) ? new Selection.Chosen(wanted)
                : new Selection.Unknown(wanted);
    }
}
