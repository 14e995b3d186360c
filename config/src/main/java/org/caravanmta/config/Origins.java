package org.caravanmta.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.value.HostName;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.Settings;

/**
 * Where the values of a configuration come from, for people who wonder. Immutable.
 *
 * @param virtualMtas what each written {@code virtual-mta} says itself, by name
 */
public record Origins(CaravanConfig config, Map<String, Settings> virtualMtas) {

    /** Who says a value; a more general one is heard when the more specific ones are silent. */
    public enum Layer {
        VIRTUAL_MTA("virtual-mta"), POOL("virtual-mta-pool"), GLOBAL("global"), DEFAULT("default");

        private final String word;

        Layer(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * One effective value.
     *
     * @param value   as an operator could write it; null when there is none
     * @param pattern the domain pattern whose block says it; null for a default and outside of domain blocks
     * @param place   null for a default
     */
    public record Value(String directive, String value, Layer layer, String pattern, Settings.Place place) {
    }

    private record Said(Layer layer, String pattern, Settings settings) {
    }

    /** Every setting of the queue {@code domain/vmta}; a name of no VirtualMTA has the global layer alone. */
    public List<Value> queue(String virtualMta, String domain) {
        String destination = HostName.ascii(domain);
        List<Said> said = new ArrayList<>();
        add(said, Layer.GLOBAL, config.domains(), destination);
        VirtualMta v = config.virtualMtas().get(virtualMta);
        if (v != null) {
            List<Settings> byPool = byPool(virtualMta, destination);
            ((DomainLayers) v.domains()).matching(destination, (pattern, settings) -> said.add(new Said(
                    byPool.contains(settings) ? Layer.POOL : Layer.VIRTUAL_MTA, pattern.toString(), settings)));
        }
        return values(DomainKeys.VOCABULARY.keys(), said.reversed());
    }

    /** Whether the queue {@code domain/vmta} may be rolled up, or why not. Into what, only DNS knows. */
    public String mxRollup(String virtualMta, String domain) {
        DomainSettings own = config.settings(virtualMta, domain);
        String list = config.mxRollups().isEmpty() ? "no" : "by mx-rollup-list";
        if (domain.endsWith(MxRollup.SUFFIX))
            return own.disableMxRollup() ? "no rollup: disable-mx-rollup" : "this is a rollup";
        if (own.disableMxRollup())
            return "no: disable-mx-rollup";
        if (!own.smtpHosts().isEmpty())
            return "no: smtp-hosts";
        return own.equals(config.generalSettings(virtualMta)) ? "by its MX hosts"
                : list + ", not by itself: more is said of it than of \"*\"";
    }

    /** A VirtualMTA's layer has that of its pool below its own. */
    private List<Settings> byPool(String virtualMta, String destination) {
        List<Settings> blocks = new ArrayList<>();
        for (VirtualMtaPool pool : config.pools().values())
            if (pool.members().stream().anyMatch(m -> m.virtualMta().equals(virtualMta)))
                ((DomainLayers) pool.domains()).matching(destination, (_, settings) -> blocks.add(settings));
        return blocks;
    }

    /** Every directive of a VirtualMTA itself. */
    public List<Value> virtualMta(String name) {
        return values(VirtualMtaKeys.VOCABULARY.keys(),
                List.of(new Said(Layer.VIRTUAL_MTA, null, virtualMtas.getOrDefault(name, Settings.NONE))));
    }

    private static void add(List<Said> said, Layer layer, Domains domains, String destination) {
        ((DomainLayers) domains).matching(destination,
                (pattern, settings) -> said.add(new Said(layer, pattern.toString(), settings)));
    }

    private static List<Value> values(List<Key<?>> keys, List<Said> specificFirst) {
        return keys.stream().map(key -> specificFirst.stream().filter(s -> s.settings().says(key)).findFirst()
                .map(s -> new Value(key.name(), ValueText.of(s.settings().get(key)), s.layer(), s.pattern(),
                        s.settings().place(key)))
                .orElse(new Value(key.name(), key.written(), Layer.DEFAULT, null, null))).toList();
    }
}
