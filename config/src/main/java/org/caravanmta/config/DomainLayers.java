package org.caravanmta.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.caravanmta.config.dkim.DkimKeys;
import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.yaml.Settings;

/**
 * Layers of {@code domain} blocks, the most general first. Any thread. Domains that the same blocks hold for share one
 * settings object; the cache by domain is emptied when it is full, so that mail to ever new domains costs no memory.
 */
final class DomainLayers implements Domains {

    static final int MOST_CACHED = 10_000;
    static final DomainLayers NONE = new DomainLayers(List.of());

    private final List<DomainPatterns> layers;
    private final Map<String, DomainSettings> byDomain = new ConcurrentHashMap<>();
    private final Map<List<Settings>, DomainSettings> byBlocks = new ConcurrentHashMap<>();
    private final Map<String, Reroute> reroutes = new ConcurrentHashMap<>();
    private final Map<String, DkimSettings> dkim = new ConcurrentHashMap<>();
    private final Map<List<Settings>, DkimSettings> dkimByBlocks = new ConcurrentHashMap<>();
    private final boolean reroutesAny;
    private final boolean signsAny;
    private volatile Over lastOver;

    private record Over(Domains general, DomainLayers result) {
    }

    private DomainLayers(List<DomainPatterns> layers) {
        this.layers = List.copyOf(layers);
        this.reroutesAny = this.layers.stream().anyMatch(DomainPatterns::rerouteAny);
        this.signsAny = this.layers.stream().anyMatch(DomainPatterns::signAny);
    }

    static DomainLayers of(Map<DomainPattern, Settings> blocks) {
        return blocks.isEmpty() ? NONE : new DomainLayers(List.of(new DomainPatterns(blocks)));
    }

    @Override
    public DomainSettings settings(String domain) {
        DomainSettings known = byDomain.get(domain);
        if (known != null)
            return known;
        DomainSettings found = find(HostName.ascii(domain));
        if (byDomain.size() >= MOST_CACHED)
            byDomain.clear();
        byDomain.put(domain, found);
        return found;
    }

    /** Whether any block says where mail is to go instead. */
    boolean rerouteAny() {
        return reroutesAny;
    }

    /** Whether any block says that mail is to be signed. */
    boolean signAny() {
        return signsAny;
    }

    /** Costs nothing where no block reroutes; else an answer is kept as settings are. */
    @Override
    public Reroute reroute(String domain) {
        if (!reroutesAny)
            return Reroute.NONE;
        Reroute known = reroutes.get(domain);
        if (known != null)
            return known;
        Reroute found = findReroute(HostName.ascii(domain));
        if (reroutes.size() >= MOST_CACHED)
            reroutes.clear();
        reroutes.put(domain, found);
        return found;
    }

    private Reroute findReroute(String domain) {
        List<Settings> blocks = new ArrayList<>();
        matching(domain, (_, settings) -> blocks.add(settings));
        Settings all = Settings.merge(blocks);
        String queueTo = all.get(DomainKeys.QUEUE_TO);
        String virtualMta = all.get(DomainKeys.REROUTE_TO_VIRTUAL_MTA);
        return queueTo.isEmpty() && virtualMta.isEmpty() ? Reroute.NONE
                : new Reroute(queueTo.isEmpty() ? null : HostName.ascii(queueTo),
                        virtualMta.isEmpty() ? null : virtualMta);
    }

    /** Costs nothing where no block signs; else an answer is kept as settings are. */
    @Override
    public DkimSettings dkim(String domain) {
        if (!signsAny)
            return DkimSettings.OFF;
        DkimSettings known = dkim.get(domain);
        if (known != null)
            return known;
        List<Settings> blocks = new ArrayList<>();
        matching(HostName.ascii(domain), (_, settings) -> blocks.add(settings));
        DkimSettings found = dkimByBlocks.computeIfAbsent(blocks, b -> DkimKeys.effective(Settings.merge(b)));
        if (dkim.size() >= MOST_CACHED)
            dkim.clear();
        dkim.put(domain, found);
        return found;
    }

    private DomainSettings find(String domain) {
        List<Settings> blocks = new ArrayList<>();
        matching(domain, (_, settings) -> blocks.add(settings));
        return byBlocks.computeIfAbsent(blocks, b -> DomainKeys.effective(Settings.merge(b)));
    }

    /** The blocks that hold for a domain in lower-case ASCII, from general to specific. */
    void matching(String domain, BiConsumer<DomainPattern, Settings> found) {
        layers.forEach(layer -> layer.matching(domain, found));
    }

    /** Every block, the most general layer first. */
    void forEach(BiConsumer<DomainPattern, Settings> found) {
        layers.forEach(layer -> layer.forEach(found));
    }

    /** The last answer is kept: a VirtualMTA's layer is nearly always asked with the same global layer. */
    @Override
    public Domains over(Domains general) {
        if (!(general instanceof DomainLayers below))
            throw new IllegalArgumentException("not a layer of a configuration: " + general);
        if (layers.isEmpty())
            return below;
        if (below.layers.isEmpty())
            return this;
        Over last = lastOver;
        if (last != null && last.general() == general)
            return last.result();
        List<DomainPatterns> all = new ArrayList<>(below.layers);
        all.addAll(layers);
        DomainLayers result = new DomainLayers(all);
        lastOver = new Over(general, result);
        return result;
    }

    @Override
    public List<String> patterns() {
        return layers.stream().flatMap(l -> l.names().stream()).toList();
    }

    int cached() {
        return byDomain.size();
    }
}
