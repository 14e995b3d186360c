package org.caravanmta.config.yaml;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** One scalar that is not repeated when it is wrong: it may be a secret. */
public record Hidden<T>(Grammar<T> grammar) implements Shape<T> {

    @Override
    public String expected() {
        return grammar.expected();
    }

    @Override
    public T ofText(String text) throws Misunderstood {
        return grammar.parse(text);
    }

    @Override
    public T read(Node node, Problems problems) {
        if (!(node instanceof ScalarNode scalar))
            return Shape.super.read(node, problems);
        problems.count(node);
        try {
            return ofText(scalar.getValue().strip());
        } catch (Misunderstood e) {
            problems.add(node, "something else", e.expected(), e.hint());
            return null;
        }
    }
}
