package org.caravanmta.config.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A list, or one scalar whose items are separated by commas.
 *
 * @param identity items of equal identity are duplicates and refused; null allows duplicates
 * @param lowest   fewest items
 * @param highest  most items
 */
public record ListOf<T>(Grammar<T> item, Function<? super T, ?> identity, int lowest, int highest)
        implements
            Shape<List<T>> {

    @Override
    public String expected() {
        return item.expected() + ", or a list of them";
    }

    @Override
    public List<T> ofText(String text) throws Misunderstood {
        List<T> list = new ArrayList<>();
        if (!text.isEmpty())
            for (String part : text.split(",", -1))
                list.add(item.parse(part.strip()));
        Set<Object> seen = new HashSet<>();
        for (T t : list)
            if (identity != null && !seen.add(identity.apply(t)))
                throw new Misunderstood("each item once", "take the second one away");
        sized(list);
        return List.copyOf(list);
    }

    @Override
    public List<T> read(Node node, Problems problems) {
        if (!(node instanceof SequenceNode sequence))
            return Shape.super.read(node, problems);
        if (!Tags.known(node, problems))
            return null;
        List<T> list = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        boolean right = true;
        for (Node child : sequence.getValue()) {
            List<T> some = new ListOf<>(item, identity, 0, Integer.MAX_VALUE).readChild(child, problems);
            right &= some != null;
            for (T t : some == null ? List.<T>of() : some)
                if (identity == null || seen.add(identity.apply(t)))
                    list.add(t);
                else
                    problems.add(child, Problems.describe(child) + " a second time", "each item once",
                            "take the second one away");
        }
        if (!right)
            return null;
        try {
            sized(list);
            return List.copyOf(list);
        } catch (Misunderstood e) {
            problems.add(node, list.size() + " items", e.expected(), e.hint());
            return null;
        }
    }

    private List<T> readChild(Node child, Problems problems) {
        if (child instanceof SequenceNode) {
            problems.add(child, "a list within a list", item.expected(), "one level of [ ] is enough");
            return null;
        }
        return Shape.super.read(child, problems);
    }

    private void sized(List<T> list) throws Misunderstood {
        if (list.size() < lowest)
            throw new Misunderstood(expected(), lowest == 1 ? "at least one is needed" : "at least " + lowest);
        if (list.size() > highest)
            throw new Misunderstood(expected(), "at most " + highest);
    }
}
