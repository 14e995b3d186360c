package org.caravanmta.config.yaml;

import java.util.Set;

import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/** Only plain YAML is understood: a tag never makes anything but text, a list or a block. */
final class Tags {

    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP,
            Tag.MERGE, Tag.MAP, Tag.SEQ);

    private Tags() {
    }

    static boolean known(Node node, Problems problems) {
        if (PLAIN.contains(node.getTag()))
            return true;
        problems.add(node, "the tag " + Problems.quote(node.getTag().getValue()), "a plain value",
                "take the word that begins with ! away, or put the text in quotes");
        return false;
    }
}
