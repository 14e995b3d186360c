package org.caravanmta.config;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.DomainSettings.NextHop;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Shape;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The levels of {@code smtp-hosts}. In text {@code ,} separates hosts of a level and {@code ;} begins the next one; the
 * entries of a list are one level, and a list within a list is a level of its own. Nothing at all means no next hops.
 */
record NextHopLevels() implements Shape<List<List<NextHop>>> {

    private static final NextHopGrammar HOP = new NextHopGrammar();

    @Override
    public String expected() {
        return HOP.expected() + ", or a list of them";
    }

    @Override
    public List<List<NextHop>> ofText(String text) throws Misunderstood {
        if (text.isEmpty())
            return List.of();
        List<List<NextHop>> levels = new ArrayList<>();
        for (String level : text.split(";", -1)) {
            List<NextHop> hops = new ArrayList<>();
            for (String hop : level.split(",", -1))
                hops.add(HOP.parse(hop.strip()));
            levels.add(List.copyOf(hops));
        }
        return List.copyOf(levels);
    }

    @Override
    public List<List<NextHop>> read(Node node, Problems problems) {
        if (!(node instanceof SequenceNode sequence))
            return Shape.super.read(node, problems);
        List<List<NextHop>> levels = new ArrayList<>();
        List<NextHop> open = new ArrayList<>();
        boolean right = true;
        for (Node child : sequence.getValue()) {
            boolean nested = child instanceof SequenceNode;
            List<List<NextHop>> some = nested ? level((SequenceNode) child, problems) : read(child, problems);
            right &= some != null;
            if (some == null || some.isEmpty())
                continue;
            if (nested)
                open = close(levels, open);
            open.addAll(some.getFirst());
            for (List<NextHop> next : some.subList(1, some.size())) {
                open = close(levels, open);
                open.addAll(next);
            }
            if (nested)
                open = close(levels, open);
        }
        close(levels, open);
        return right ? List.copyOf(levels) : null;
    }

    private List<List<NextHop>> level(SequenceNode nested, Problems problems) {
        List<NextHop> level = new ArrayList<>();
        boolean right = true;
        for (Node child : nested.getValue()) {
            List<List<NextHop>> some = Shape.super.read(child, problems);
            right &= some != null;
            if (some != null && some.size() > 1)
                problems.add(child, "the levels of " + Problems.describe(child) + " within a level", HOP.expected(),
                        "put ; only where there is no list within the list");
            else if (some != null)
                some.forEach(level::addAll);
        }
        return right ? List.of(level) : null;
    }

    private static List<NextHop> close(List<List<NextHop>> levels, List<NextHop> open) {
        if (!open.isEmpty())
            levels.add(List.copyOf(open));
        return new ArrayList<>();
    }
}
