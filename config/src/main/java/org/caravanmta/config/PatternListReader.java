package org.caravanmta.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.caravanmta.config.PatternList.Result;
import org.caravanmta.config.PatternList.Rule;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the {@code pattern-list:} block. Lists may call each other in any order, but never themselves. */
final class PatternListReader {

    private static final String VIRTUAL_MTA = "virtual-mta=";
    private static final String CALL_TO = "call-to:";

    private final Problems problems;
    private final VirtualMtaNames names;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, PatternList> lists = new LinkedHashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    PatternListReader(Problems problems, VirtualMtaNames names) {
        this.problems = problems;
        this.names = names;
    }

    /** By name, in file order. */
    Map<String, PatternList> read(Block byName) {
        Map<String, Block.Entry> firsts = new HashMap<>();
        for (Block.Entry e : byName.entries()) {
            Block.Entry first = firsts.putIfAbsent(e.key(), e);
            if (first != null)
                problems.add(e.at(), "pattern-list " + Problems.quote(e.key()) + " a second time", "each name once",
                        "the first one is in " + first.place() + "; merge the two, or take one away");
            if (!VirtualMtaNames.wellFormed(e.key()))
                problems.add(e.at(), Problems.quote(e.key()), "the name of a pattern-list", VirtualMtaNames.HINT);
            nodes.put(e.key(), e.value());
        }
        nodes.keySet().forEach(this::list);
        return Collections.unmodifiableMap(lists);
    }

    private PatternList list(String name) {
        PatternList known = lists.get(name);
        if (known != null)
            return known;
        open.add(name);
        PatternList list = PatternList.of(name, rules(name, nodes.get(name)));
        open.remove(name);
        lists.put(name, list);
        return list;
    }

    private List<Rule> rules(String list, Node node) {
        List<Rule> rules = new ArrayList<>();
        for (Node item : node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node)) {
            problems.count(item);
            if (item instanceof MappingNode)
                for (Block.Entry e : Block.of(item, PatternLine.EXPECTED, problems).entries())
                    nested(list, e, rules);
            else if (item instanceof ScalarNode scalar)
                line(scalar, rules);
            else
                problems.add(item, Problems.describe(item), PatternLine.EXPECTED,
                        "put the condition in front of the list: \"rcpt-to /re/\": [ … ]");
        }
        return rules;
    }

    private void nested(String list, Block.Entry e, List<Rule> rules) {
        try {
            PatternLine line = PatternLine.parse(e.key().strip());
            if (!line.result().isEmpty())
                problems.add(e.at(), Problems.quote(line.result()), "a colon and a list behind the expression",
                        "either a result or a list of lines");
            rules.add(new Rule(line.when(), new Result.Ask(PatternList.of(list, rules(list, e.value())))));
        } catch (Misunderstood m) {
            problems.add(e.at(), Problems.quote(e.key()), m.expected(), m.hint());
        }
    }

    private void line(ScalarNode node, List<Rule> rules) {
        try {
            PatternLine line = PatternLine.parse(node.getValue().strip());
            Result result = result(node, line.result());
            if (result != null)
                rules.add(new Rule(line.when(), result));
        } catch (Misunderstood m) {
            problems.add(node, Problems.describe(node), m.expected(), m.hint());
        }
    }

    private Result result(ScalarNode at, String text) throws Misunderstood {
        if (text.startsWith(VIRTUAL_MTA) && !text.contains(" ")) {
            String name = text.substring(VIRTUAL_MTA.length());
            names.check(at, name, problems);
            return new Result.Through(name);
        }
        if (!text.startsWith(CALL_TO))
            throw new Misunderstood(PatternLine.EXPECTED, text.contains("recipient-priority")
                    ? "recipient-priority is not supported yet: take it away"
                    : "write the result behind the expression: virtual-mta=NAME");
        String called = text.substring(CALL_TO.length()).strip();
        if (open.contains(called))
            problems.add(at, "a loop: " + String.join(" calls ", open) + " calls " + called,
                    "lists that do not call themselves", "take this line away");
        else if (!nodes.containsKey(called))
            problems.add(at, Problems.quote(called), "the name of a pattern-list", listHint(called, nodes.keySet()));
        else
            return new Result.Ask(list(called));
        return null;
    }

    static String listHint(String name, Set<String> known) {
        return NearestWord.of(name, known).map(n -> "did you mean " + n + "?").orElse(known.isEmpty()
                ? "write it into the pattern-list block" : "known are " + String.join(", ", known));
    }
}
