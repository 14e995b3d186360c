package org.caravanmta.config;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What single jobs may use, whichever VirtualMTAs and destinations their mail goes through. Of several patterns that
 * match, the most specific one says it all: a name before a beginning, a longer beginning before a shorter one.
 */
public final class Jobs {

    public static final Jobs NONE = new Jobs(Map.of());

    private record Beginning(String text, VirtualMta.Limits limits) {
    }

    private final Map<String, VirtualMta.Limits> byName = new HashMap<>();
    private final List<Beginning> beginnings;

    /** @param limits of each job that a pattern matches: a job's name, or {@code BEGINNING*} */
    public Jobs(Map<String, VirtualMta.Limits> limits) {
        limits.forEach((pattern, l) -> {
            if (!pattern.endsWith("*"))
                byName.put(pattern, l);
        });
        beginnings = limits.entrySet().stream().filter(e -> e.getKey().endsWith("*"))
                .map(e -> new Beginning(e.getKey().substring(0, e.getKey().length() - 1), e.getValue()))
                .sorted(Comparator.comparing((Beginning b) -> b.text().length()).reversed()).toList();
    }

    /** {@link VirtualMta.Limits#NONE} for a job that nothing is said of. */
    public VirtualMta.Limits limits(String job) {
        VirtualMta.Limits own = byName.get(job);
        if (own != null)
            return own;
        for (Beginning b : beginnings)
            if (job.startsWith(b.text()))
                return b.limits();
        return VirtualMta.Limits.NONE;
    }

    public boolean limited(String job) {
        return !limits(job).equals(VirtualMta.Limits.NONE);
    }
}
