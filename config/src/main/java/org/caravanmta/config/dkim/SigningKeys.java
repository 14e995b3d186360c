package org.caravanmta.config.dkim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every key, by where it was written. Immutable.
 *
 * @param global       those of the top level
 * @param byVirtualMta those of VirtualMTAs, by name
 * @param byPool       those of pools, by name
 * @param checked      keys that do not match their published record are refused
 */
public record SigningKeys(List<SigningKey> global, Map<String, List<SigningKey>> byVirtualMta,
        Map<String, List<SigningKey>> byPool, boolean checked) {

    public static final SigningKeys NONE = new SigningKeys(List.of(), Map.of(), Map.of());

    /** Taken as they are. */
    public SigningKeys(List<SigningKey> global, Map<String, List<SigningKey>> byVirtualMta,
            Map<String, List<SigningKey>> byPool) {
        this(global, byVirtualMta, byPool, false);
    }

    /**
     * The keys that mail may be signed with, in the order they are looked through: those of the VirtualMTA, of the pool
     * that chose it, and of everybody.
     *
     * @param pool null when none chose
     */
    public List<SigningKey> of(String virtualMta, String pool) {
        List<SigningKey> own = byVirtualMta.getOrDefault(virtualMta, List.of());
        List<SigningKey> shared = pool == null ? List.of() : byPool.getOrDefault(pool, List.of());
        if (own.isEmpty() && shared.isEmpty())
            return global;
        List<SigningKey> all = new ArrayList<>(own);
        all.addAll(shared);
        all.addAll(global);
        return all;
    }

    public boolean none() {
        return global.isEmpty() && byVirtualMta.isEmpty() && byPool.isEmpty();
    }

    /** Each of them, some perhaps more than once. */
    public Stream<SigningKey> all() {
        return Stream.of(byVirtualMta.values().stream(), byPool.values().stream(), Stream.of(global))
                .flatMap(s -> s).flatMap(List::stream);
    }
}
