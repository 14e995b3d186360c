package org.caravanmta.vmta;

/** Which members a pool should pass over just now. Asked for each message from any thread: must be cheap. */
@FunctionalInterface
public interface MemberAvailability {

    MemberAvailability ALL = _ -> true;

    /** False while the VirtualMTA is paused or disabled, or none of its source addresses is on this machine. */
    boolean available(String virtualMta);
}
