package org.caravanmta.config;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The one namespace of VirtualMTAs and pools, and what is said about a name that is not in it. */
record VirtualMtaNames(Set<String> virtualMtas, Set<String> pools) {

    private static final int LONGEST = 100;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._@+-]{1," + LONGEST + "}");
    static final String HINT = "1 to " + LONGEST + " letters, digits, and . _ - + @";

    static boolean wellFormed(String name) {
        return FORM.matcher(name).matches();
    }

    boolean known(String name) {
        return virtualMtas.contains(name) || pools.contains(name);
    }

    /** A VirtualMTA or a pool; anything else is told, at its item when the node is a list. */
    void check(Node at, String name, Problems problems) {
        if (!known(name))
            problems.add(item(at, name), Problems.quote(name), pools.isEmpty() ? "the name of a virtual-mta"
                    : "the name of a virtual-mta or a virtual-mta-pool", nearest(name, true));
    }

    /** A VirtualMTA, where a pool will not do; anything else is told. */
    void checkVirtualMta(Node at, String name, Problems problems) {
        if (!virtualMtas.contains(name))
            problems.add(item(at, name), Problems.quote(name), "the name of a virtual-mta", virtualMtaHint(name));
    }

    /** What helps who wrote a name that no VirtualMTA has. */
    String virtualMtaHint(String name) {
        return pools.contains(name) ? name + " is a pool: only a virtual-mta can stand here" : nearest(name, false);
    }

    private String nearest(String name, boolean alsoPools) {
        Set<String> names = new TreeSet<>(virtualMtas);
        if (alsoPools)
            names.addAll(pools);
        return NearestWord.of(name, names).map(n -> "did you mean " + n + "?")
                .orElse("known are " + String.join(", ", names.stream().limit(10).toList()));
    }

    /** The item of a list that begins with this word, or the node itself when it is no list. */
    static Node item(Node list, String word) {
        if (list instanceof SequenceNode sequence)
            for (Node child : sequence.getValue())
                if (child instanceof ScalarNode s)
                    for (String part : s.getValue().split(","))
                        if (part.strip().split("\\s+")[0].equals(word))
                            return child;
        return list;
    }
}
