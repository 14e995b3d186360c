package org.caravanmta.operate;

import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.vmta.MemberAvailability;
import org.caravanmta.vmta.Selection.Chosen;
import org.caravanmta.vmta.VirtualMtaSelector;

/** Which VirtualMTA a moved message takes: the one that is named, or the next member of the pool. */
final class MemberTurns {

    private final VirtualMtaSelector selector;

    MemberTurns(Supplier<CaravanConfig> config, MemberAvailability availability) {
        this.selector = new VirtualMtaSelector(config, availability);
    }

    QueuedMessage through(String name, QueuedMessage m) {
        Chosen chosen = selector.next(name);
        return chosen == null ? m : m.through(chosen.virtualMta(), chosen.pool());
    }
}
