package org.caravanmta.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.NearestWord;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * {@code domain-macro}: names for lists of domains, or of parts of domains. {@code $NAME} in a pattern stands for each
 * item in turn; a name ends where the letters, digits and underscores end. Belongs to the reading thread.
 */
final class DomainMacros {

    /** What one pattern or macro may expand to; nested macros multiply. */
    static final int MOST_DOMAINS = 10_000;

    private static final int DEEPEST = 20;
    private static final Pattern REFERENCE = Pattern.compile("\\$([A-Za-z0-9_]*)");
    private static final ListOf<String> ITEMS = new ListOf<>(
            new Text("a domain, a part of one, or another macro such as $name"), null, 1, MOST_DOMAINS);

    private final Problems problems;
    private final Map<String, Macro> byName = new LinkedHashMap<>();
    private final Map<String, List<String>> expanded = new HashMap<>();

    private record Item(String text, Node at) {
    }

    private record Macro(Block.Entry at, List<Item> items) {
    }

    /** Tells what is wrong with the macros themselves, used or not. */
    DomainMacros(Block block, Problems problems) {
        this.problems = problems;
        for (Block.Entry e : block.entries()) {
            if (!e.key().matches("[A-Za-z0-9_]+"))
                problems.add(e.at(), Problems.quote(e.key()), "the name of a domain-macro",
                        "letters, digits and underscores, without the $");
            Macro first = byName.putIfAbsent(e.key(), new Macro(e, items(e.value())));
            if (first != null)
                problems.add(e.at(), Problems.quote(e.key()) + " a second time", "each domain-macro once",
                        "the first one is in " + first.at().place() + "; merge the two, or take one away");
        }
        byName.keySet().forEach(name -> items(name, byName.get(name).at().at(), new LinkedHashSet<>()));
    }

    private List<Item> items(Node value) {
        List<Item> items = new ArrayList<>();
        for (Node child : value instanceof SequenceNode list ? list.getValue() : List.of(value)) {
            List<String> texts = ITEMS.read(child, problems);
            if (texts != null)
                texts.forEach(t -> items.add(new Item(t, child)));
        }
        return List.copyOf(items);
    }

    /** Every text that a pattern stands for; itself alone without a macro, none when there was a problem. */
    List<String> expand(String pattern, Node at) {
        return expand(pattern, at, new LinkedHashSet<>());
    }

    private List<String> expand(String text, Node at, Set<String> within) {
        Matcher reference = REFERENCE.matcher(text);
        List<String> texts = List.of("");
        int from = 0;
        while (reference.find()) {
            texts = each(texts, text.substring(from, reference.start()), items(reference.group(1), at, within), at);
            from = reference.end();
        }
        return each(texts, text.substring(from), List.of(""), at);
    }

    /** Each of the beginnings with each of the ends. */
    private List<String> each(List<String> beginnings, String middle, List<String> ends, Node at) {
        if ((long) beginnings.size() * ends.size() > MOST_DOMAINS)
            return tooMany(at);
        List<String> all = new ArrayList<>(beginnings.size() * ends.size());
        for (String beginning : beginnings)
            for (String end : ends)
                all.add(beginning + middle + end);
        return all;
    }

    private List<String> items(String name, Node at, Set<String> within) {
        List<String> known = expanded.get(name);
        if (known != null)
            return known;
        Macro macro = byName.get(name);
        if (macro == null)
            return unknown(name, at);
        if (within.contains(name) || within.size() >= DEEPEST) {
            problems.add(at, "$" + name + " within " + String.join(", ", within.stream().map(n -> "$" + n).toList()),
                    within.contains(name) ? "a domain-macro that does not lead back to itself"
                            : "at most " + DEEPEST + " levels of macros",
                    "write the domains out in one of them");
            return List.of();
        }
        within.add(name);
        List<String> all = new ArrayList<>();
        for (Item item : macro.items())
            if (all.size() <= MOST_DOMAINS)
                all.addAll(expand(item.text(), item.at(), within));
        within.remove(name);
        List<String> result = all.size() > MOST_DOMAINS ? tooMany(macro.at().at()) : List.copyOf(all);
        expanded.put(name, result);
        return result;
    }

    private List<String> unknown(String name, Node at) {
        problems.add(at, Problems.quote("$" + name), "the name of a domain-macro behind the $",
                NearestWord.of(name, byName.keySet()).map(n -> "did you mean $" + n + "?")
                        .orElse(byName.isEmpty() ? "there is no domain-macro in this configuration"
                                : "known are " + String.join(", ", byName.keySet().stream().limit(10).toList())));
        return List.of();
    }

    private List<String> tooMany(Node at) {
        problems.add(at, "macros that stand for more than " + MOST_DOMAINS + " domains", "fewer domains",
                "use a pattern such as \"[*.]example.com\"");
        return List.of();
    }
}
