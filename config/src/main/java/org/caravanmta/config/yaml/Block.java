package org.caravanmta.config.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.caravanmta.config.yaml.IncludedFiles.Included;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML mapping with its places: keys in file order, {@code <<} merged in, duplicates told. With the files that it
 * includes a block has several parts, and may have a key once in each. Parts go from the weakest to the strongest:
 * included files in their order, each behind those that it includes itself, and the block's own lines last.
 */
public final class Block {

    /** The key that names further files. */
    public static final String INCLUDE = "include";

    private static final int DEEPEST = 20;

    /** One line of a block. */
    public record Entry(String key, Node at, Node value) {

        /** Whether both are written in the same file. */
        public boolean sameFile(Entry other) {
            return at.getStartMark().getName().equals(other.at.getStartMark().getName());
        }

        /** Where the key stands. */
        public Settings.Place place() {
            return Settings.Place.of(at);
        }
    }

    private final Node node;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Entry> strongest = new HashMap<>();
    private final Problems problems;
    private boolean readable = true;

    private Block(Node node, Problems problems) {
        this.node = node;
        this.problems = problems;
    }

    /**
     * The block that a node is. Nothing at all is an empty block; anything else is a problem and an empty block.
     *
     * @param what the block in words that fit behind "expected"
     */
    public static Block of(Node node, String what, Problems problems) {
        Block block = new Block(node, problems);
        block.read(node, what).values().forEach(block::add);
        return block;
    }

    /** The same with the files that {@code include} names; each counts once. */
    public static Block including(Node node, String what, Problems problems) {
        Block block = new Block(node, problems);
        block.addWithFiles(node, what, new ArrayList<>(), new HashSet<>());
        return block;
    }

    /** The blocks that all parts have behind a key, as one; empty when there is none. */
    public Block within(String key, String what) {
        Block all = new Block(entry(key) == null ? node : entry(key).value(), problems);
        for (Entry e : entries(key))
            for (Entry line : all.read(e.value(), what).values())
                if (line.key().equals(INCLUDE))
                    problems.add(line.at(), Problems.quote(INCLUDE), what,
                            "write include at the top level, or within the block of one name, network or pattern");
                else
                    all.add(line);
        return all;
    }

    public Node node() {
        return node;
    }

    /** False when there was something else than a block, or a file that cannot be had, which has been told. */
    public boolean readable() {
        return readable;
    }

    /** From the weakest part to the strongest. */
    public Collection<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** Those of one key. */
    public List<Entry> entries(String key) {
        return entries.stream().filter(e -> e.key().equals(key)).toList();
    }

    /** The one that wins; null when the key is not written. */
    public Entry entry(String key) {
        return strongest.get(key);
    }

    /**
     * Reads every directive with a value; unknown words are told. Blocks within are left to the caller. Of several
     * files the stronger one wins.
     */
    public Settings settings(Vocabulary vocabulary) {
        return settings(vocabulary, false);
    }

    /** The same, but files that say different things are a problem. */
    public Settings agreedSettings(Vocabulary vocabulary) {
        return settings(vocabulary, true);
    }

    private Settings settings(Vocabulary vocabulary, boolean agreed) {
        Map<String, Key<?>> known = vocabulary.byWord();
        Map<Key<?>, Settings.Said> said = new LinkedHashMap<>();
        Map<Key<?>, Entry> firsts = new HashMap<>();
        for (Entry e : entries) {
            Key<?> key = known.get(e.key());
            if (key == null) {
                if (!vocabulary.blocks().contains(e.key()))
                    vocabulary.refuse(e.at(), e.key(), problems);
                continue;
            }
            Object value = key.shape().read(e.value(), problems);
            Settings.Said before = value == null ? null
                    : said.put(key, new Settings.Said(value, Settings.Place.of(e.value())));
            Entry first = firsts.put(key, e);
            if (first != null && first.sameFile(e))
                tellTwice(e, first, problems);
            else if (agreed && before != null && !before.value().equals(value))
                problems.add(e.at(), Problems.quote(e.key()) + " with another value", "one value in all files",
                        "the other one is in " + before.place() + "; take one away");
        }
        return new Settings(said);
    }

    private void add(Entry e) {
        entries.add(e);
        strongest.put(e.key(), e);
    }

    /** @param chain the files that led here, the one with the block itself left out */
    private void addWithFiles(Node part, String what, List<Included> chain, Set<Included> taken) {
        Map<String, Entry> own = read(part, what);
        Entry include = own.remove(INCLUDE);
        int told = problems.told();
        List<Included> files = include == null ? List.of() : problems.files().named(include.value());
        readable &= told == problems.told();
        for (Included file : files) {
            if (chain.contains(file) || file.is(node.getStartMark().getName()))
                problems.add(include.value(), Problems.quote(file.name()) + ", which leads back here", "other files",
                        "a file cannot include itself, nor one that includes it");
            else if (chain.size() >= DEEPEST)
                problems.add(include.value(), "files within files, more than " + DEEPEST + " deep", "fewer levels",
                        "include them from one file, with a wildcard");
            else if (taken.add(file) && file.root() != null) {
                chain.add(file);
                addWithFiles(file.root(), what, chain, taken);
                chain.removeLast();
            }
        }
        own.values().forEach(this::add);
    }

    private Map<String, Entry> read(Node part, String what) {
        Map<String, Entry> own = new LinkedHashMap<>();
        problems.count(part);
        if (!Tags.known(part, problems)) {
            readable = false;
        } else if (part instanceof MappingNode mapping) {
            collect(mapping, own, problems, Collections.newSetFromMap(new IdentityHashMap<>()));
        } else if (!part.getTag().equals(Tag.NULL)) {
            problems.add(part, Problems.describe(part), what, "write key: value lines, or { key: value }");
            readable = false;
        }
        return own;
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
                "the first one is in line " + first.place().line() + "; merge the two, or take one away");
    }
}
