package org.caravanmta.gateway;

import java.util.List;

/** A configuration that cannot be taken over while the gateway runs. Nothing was changed. */
public final class ReloadRefusedException extends Exception {

    private final List<String> problems;

    public ReloadRefusedException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each with its remedy. */
    public List<String> problems() {
        return problems;
    }
}
