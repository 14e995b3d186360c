package org.caravanmta.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Collects what is wrong with a configuration while it is read. Belongs to the reading thread. Also knows the files that
 * belong to this reading, and counts the values read: aliases can make a small file mean billions of them.
 */
public final class Problems {

    private static final int MAX_PROBLEMS = 1_000;
    private static final int MAX_VALUES = 2_000_000;

    private final Map<String, Integer> order = new HashMap<>();
    private final IncludedFiles files = new IncludedFiles(this);
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int values;

    /** @param file the first file; its problems come first */
    public Problems(String file) {
        file(file);
    }

    /** Reading goes on with another file. */
    void file(String name) {
        order.putIfAbsent(name, order.size());
    }

    IncludedFiles files() {
        return files;
    }

    public void add(Node at, String found, String expected, String hint) {
        add(problem(at.getStartMark(), found, expected, hint));
    }

    public void add(Problem problem) {
        if (problems.contains(problem))
            return;
        problems.add(problem);
        if (problems.size() >= MAX_PROBLEMS)
            throw new TooMuch(problem);
    }

    public void warn(Node at, String found, String expected, String hint) {
        Problem p = problem(at.getStartMark(), found, expected, hint);
        if (warnings.size() < MAX_PROBLEMS && !warnings.contains(p))
            warnings.add(p);
    }

    /** To be called for every value read. */
    public void count(Node at) {
        if (++values > MAX_VALUES)
            end(at, "more than " + MAX_VALUES + " values", "a configuration of reasonable size",
                    "aliases (*name) repeat large parts of the file too often");
    }

    /** A problem that ends the reading. */
    void end(Node at, String found, String expected, String hint) {
        Problem p = problem(at.getStartMark(), found, expected, hint);
        add(p);
        throw new TooMuch(p);
    }

    /** How many so far. */
    int told() {
        return problems.size();
    }

    public boolean none() {
        return problems.isEmpty();
    }

    /** In the order of the files and their lines. */
    public List<Problem> problems() {
        return sorted(problems);
    }

    public List<Problem> warnings() {
        return sorted(warnings);
    }

    private List<Problem> sorted(List<Problem> list) {
        return list.stream().sorted(Comparator.comparingInt((Problem p) -> order.getOrDefault(p.file(), 0))
                .thenComparingInt(Problem::line).thenComparingInt(Problem::column)).toList();
    }

    private static Problem problem(Mark mark, String found, String expected, String hint) {
        return new Problem(mark.getName(), mark.getLine() + 1, mark.getColumn() + 1, found, expected, hint);
    }

    /** What stands there, in words that fit behind "found". */
    public static String describe(Node node) {
        return switch (node) {
            case ScalarNode s when s.getTag().equals(Tag.NULL) -> "nothing";
            case ScalarNode s -> quote(s.getValue());
            case MappingNode _ -> "a block";
            default -> "a list";
        };
    }

    /** In quotes, on one line and shortened. */
    public static String quote(String text) {
        StringBuilder b = new StringBuilder("\"");
        text.codePoints().limit(60)
                .forEach(c -> b.appendCodePoint(c < ' ' || Character.getType(c) == Character.CONTROL ? '?' : c));
        return b.append(text.codePointCount(0, text.length()) > 60 ? "…\"" : "\"").toString();
    }

    /** Reading on makes no sense; the reason is already among the problems. */
    public static final class TooMuch extends RuntimeException {
        TooMuch(Problem reason) {
            super(reason.toString(), null, false, false);
        }
    }
}
