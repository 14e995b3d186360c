package org.caravanmta.config.bounce;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.SlashedPattern;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings.Place;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads the {@code bounce-category-patterns:} list. */
public record CategoryPatternReader(Problems problems) {

    private static final String EXPECTED = "/re/ and a category behind it, or a list of such lines";

    /**
     * Those of all files together: the lines of a file come before those of the files that it includes.
     *
     * @param entries from the weakest file to the strongest
     */
    public List<CategoryPattern> read(List<Block.Entry> entries) {
        List<CategoryPattern> all = new ArrayList<>();
        for (Block.Entry e : entries.reversed())
            for (Node item : e.value() instanceof SequenceNode list ? list.getValue() : List.of(e.value())) {
                problems.count(item);
                if (item instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL))
                    line(scalar, all);
                else
                    problems.add(item, Problems.describe(item), EXPECTED, item instanceof MappingNode
                            ? "one line of text for each: - \"/re/ category\"" : "write - \"/re/ category\"");
            }
        return List.copyOf(all);
    }

    private void line(ScalarNode node, List<CategoryPattern> all) {
        try {
            SlashedPattern line = SlashedPattern.parse(node.getValue().strip(), EXPECTED);
            String category = new Category.Form().parse(line.rest());
            if (!Category.KNOWN.contains(category))
                NearestWord.of(category, Category.KNOWN).ifPresent(meant -> problems.warn(node,
                        "the category " + Problems.quote(category), "one of the known ones, or a name unlike them",
                        "did you mean " + meant + "?"));
            all.add(new CategoryPattern(line.pattern(), category, Place.of(node)));
        } catch (Misunderstood m) {
            problems.add(node, Problems.describe(node), m.expected(), m.hint());
        }
    }
}
