package org.caravanmta.vmta;

import org.caravanmta.vmta.Selection.Chosen;

/** What a name stands for: a VirtualMTA, or a pool that picks one for each message. */
sealed interface Way {

    String name();

    record Direct(Chosen chosen) implements Way {
        @Override
        public String name() {
            return chosen.virtualMta();
        }
    }

    /** Members by turns, or by a value that mail sticks to. */
    record Pooled(String name, PoolRotation rotation, StickyMembers sticky) implements Way {
    }
}
