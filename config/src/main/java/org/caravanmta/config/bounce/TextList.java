package org.caravanmta.config.bounce;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Shape;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One value or a list of them. Unlike those of other lists, values may hold commas. */
record TextList<T>(Grammar<T> item) implements Shape<List<T>> {

    @Override
    public String expected() {
        return item.expected() + ", or a list of them";
    }

    @Override
    public List<T> ofText(String text) throws Misunderstood {
        return List.of(item.parse(text));
    }

    @Override
    public List<T> read(Node node, Problems problems) {
        if (!(node instanceof SequenceNode list))
            return Shape.super.read(node, problems);
        List<T> all = new ArrayList<>();
        for (Node child : list.getValue()) {
            T one = new One<>(item).read(child, problems);
            if (one == null)
                return null;
            all.add(one);
        }
        return List.copyOf(all);
    }
}
