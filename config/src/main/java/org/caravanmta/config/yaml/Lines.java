package org.caravanmta.config.yaml;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A list of scalars, or one, whose items may hold commas.
 *
 * @param highest most items
 */
public record Lines<T>(Grammar<T> item, int highest) implements Shape<List<T>> {

    @Override
    public String expected() {
        return item.expected() + ", or a list of them";
    }

    @Override
    public List<T> ofText(String text) throws Misunderstood {
        return text.isEmpty() ? List.of() : List.of(item.parse(text));
    }

    @Override
    public List<T> read(Node node, Problems problems) {
        if (!(node instanceof SequenceNode sequence))
            return Shape.super.read(node, problems);
        if (!Tags.known(node, problems))
            return null;
        List<T> list = new ArrayList<>();
        boolean right = true;
        for (Node child : sequence.getValue()) {
            T item = new One<>(this.item).read(child, problems);
            right &= item != null;
            if (item != null)
                list.add(item);
        }
        if (list.size() > highest) {
            problems.add(node, list.size() + " items", expected(), "at most " + highest);
            return null;
        }
        return right ? List.copyOf(list) : null;
    }
}
