package org.caravanmta.config.yaml;

import org.caravanmta.config.value.Misunderstood;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The YAML form of a value: one scalar, or a list of them. */
public interface Shape<T> {

    /** What is expected, in words that fit behind "expected". */
    String expected();

    /** The value of one scalar, which is also how defaults are written. */
    T ofText(String text) throws Misunderstood;

    /** The value of a node, or null when it is wrong; what is wrong has then been told to {@code problems}. */
    default T read(Node node, Problems problems) {
        problems.count(node);
        if (!Tags.known(node, problems))
            return null;
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            problems.add(node, Problems.describe(node), expected(), node instanceof ScalarNode
                    ? "write a value behind the colon, or leave the line out" : "write one value");
            return null;
        }
        try {
            return ofText(scalar.getValue().strip());
        } catch (Misunderstood e) {
            problems.add(node, Problems.describe(node), e.expected(), e.hint());
            return null;
        }
    }
}
