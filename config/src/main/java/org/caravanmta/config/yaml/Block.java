package org.caravanmta.config.yaml;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A YAML mapping with its places: keys in file order, {@code <<} merged in, duplicates told. */
public final class Block {

    /** One line of a block. */
    public record Entry(String key, Node at, Node value) {
    }

    private final Node node;
    private final boolean readable;
    private final Map<String, Entry> entries;
    private final Problems problems;

    private Block(Node node, boolean readable, Map<String, Entry> entries, Problems problems) {
        this.node = node;
        this.readable = readable;
        this.entries = entries;
        this.problems = problems;
    }

    /**
     * The block that a node is. Nothing at all is an empty block; anything else is a problem and an empty block.
     *
     * @param what the block in words that fit behind "expected"
     */
    public static Block of(Node node, String what, Problems problems) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        problems.count(node);
        boolean readable = Tags.known(node, problems);
        if (readable && node instanceof MappingNode mapping) {
            collect(mapping, entries, problems, Collections.newSetFromMap(new IdentityHashMap<>()));
        } else if (readable && !node.getTag().equals(Tag.NULL)) {
            problems.add(node, Problems.describe(node), what, "write key: value lines, or { key: value }");
            readable = false;
        }
        return new Block(node, readable, entries, problems);
    }

    public Node node() {
        return node;
    }

    /** False when there was something else than a block, which has been told. */
    public boolean readable() {
        return readable;
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    /** Null when the key is not written. */
    public Entry entry(String key) {
        return entries.get(key);
    }

    /** Reads every directive with a value; unknown words are told. Blocks within are left to the caller. */
    public Settings settings(Vocabulary vocabulary) {
        Map<String, Key<?>> known = vocabulary.byWord();
        Map<Key<?>, Object> said = new HashMap<>();
        Map<Key<?>, Entry> firsts = new HashMap<>();
        for (Entry e : entries()) {
            Key<?> key = known.get(e.key());
            if (key == null) {
                if (!vocabulary.blocks().contains(e.key()))
                    vocabulary.refuse(e.at(), e.key(), problems);
                continue;
            }
            Object value = key.shape().read(e.value(), problems);
            if (value != null)
                said.put(key, value);
            Entry first = firsts.putIfAbsent(key, e);
            if (first != null)
                tellTwice(e, first, problems);
        }
        return new Settings(said);
    }

    /** Keys that are written here win over merged ones, earlier merged ones over later ones (YAML merge key type). */
    private static void collect(MappingNode mapping, Map<String, Entry> entries, Problems problems, Set<Node> visited) {
        if (!visited.add(mapping))
            return;
        Map<String, Entry> own = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            problems.count(tuple.getKeyNode());
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE) || !isKey(tuple.getKeyNode(), problems))
                continue;
            String key = ((ScalarNode) tuple.getKeyNode()).getValue();
            Entry entry = new Entry(key, tuple.getKeyNode(), tuple.getValueNode());
            Entry first = own.putIfAbsent(key, entry);
            if (first == null)
                entries.putIfAbsent(key, entry);
            else
                tellTwice(entry, first, problems);
        }
        for (NodeTuple tuple : mapping.getValue())
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE))
                merge(tuple.getValueNode(), entries, problems, visited);
    }

    private static void merge(Node node, Map<String, Entry> entries, Problems problems, Set<Node> visited) {
        List<Node> merged = node instanceof SequenceNode list ? list.getValue() : List.of(node);
        for (Node m : merged)
            if (m instanceof MappingNode mapping)
                collect(mapping, entries, problems, visited);
            else
                problems.add(m, Problems.describe(m), "an alias of a block behind <<", "write <<: *name");
    }

    private static boolean isKey(Node key, Problems problems) {
        if (!(key instanceof ScalarNode) || key.getTag().equals(Tag.NULL)) {
            problems.add(key, Problems.describe(key) + " as a key", "a word or a quoted pattern",
                    "put names that begin with a bracket in quotes: \"{default}\":");
            return false;
        }
        return Tags.known(key, problems);
    }

    private static void tellTwice(Entry again, Entry first, Problems problems) {
        problems.add(again.at(), Problems.quote(again.key()) + " a second time", "each key once per block",
                "the first one is in line " + (first.at().getStartMark().getLine() + 1)
                        + "; merge the two, or take one away");
    }
}
