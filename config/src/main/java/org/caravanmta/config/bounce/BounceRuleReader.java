package org.caravanmta.config.bounce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.caravanmta.config.bounce.ReplyCondition.CodePattern;
import org.caravanmta.config.bounce.ReplyCondition.StatusPattern;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Settings.Place;
import org.caravanmta.config.yaml.Vocabulary;
import org.caravanmta.config.yaml.YamlText;
import org.yaml.snakeyaml.nodes.Node;

/** Reads files of rules: blocks by name, in the order in which they are asked. Belongs to the reading thread. */
final class BounceRuleReader {

    private static final Key<List<String>> TEXT = Key.of("text", new TextList<>(new Text("a phrase")));
    private static final Key<List<CodePattern>> CODE = Key.of("code", new TextList<>(new CodeGrammar()));
    private static final Key<List<StatusPattern>> STATUS = Key.of("status", new TextList<>(new StatusGrammar()));
    private static final Key<List<String>> STAGE = Key.of("stage", new TextList<>(new Text("a stage such as RCPT")));
    private static final Key<String> CATEGORY = Key.of("category", new One<>(new Category.Form()));
    private static final Key<Hint> HINT = Key.of("hint", new One<>(new Hint.Form()));
    private static final Key<List<String>> SAMPLES = Key.of("samples", new TextList<>(new Text("a reply")));

    private static final Vocabulary VOCABULARY = new Vocabulary("a bounce rule",
            List.of(TEXT, CODE, STATUS, STAGE, CATEGORY, HINT, SAMPLES), Set.of(), _ -> Optional.empty());

    private final Problems problems;
    private final Map<String, Place> names = new HashMap<>();
    private final List<BounceRule> rules = new ArrayList<>();

    BounceRuleReader(Problems problems) {
        this.problems = problems;
    }

    List<BounceRule> rules() {
        return List.copyOf(rules);
    }

    /** @param file for problems */
    void read(String file, String text) {
        Node root = YamlText.compose(file, text, problems);
        if (root != null)
            for (Block.Entry e : Block.of(root, "bounce rules by name", problems).entries())
                rule(e);
    }

    private void rule(Block.Entry e) {
        Place first = names.putIfAbsent(e.key(), e.place());
        if (first != null)
            problems.add(e.at(), Problems.quote(e.key()) + " a second time", "each name once",
                    "the first one is in " + first);
        Block block = Block.of(e.value(), "{ text: …, category: …, hint: …, samples: … }", problems);
        Settings said = block.settings(VOCABULARY);
        for (Key<?> needed : List.of(CATEGORY, HINT, SAMPLES))
            if (block.entry(needed.name()) == null)
                problems.add(e.at(), "a rule without " + needed, needed + ": …", "every rule needs one");
        ReplyCondition when = new ReplyCondition(orNone(said.get(CODE)), orNone(said.get(STATUS)),
                orNone(said.get(STAGE)));
        List<String> texts = orNone(said.get(TEXT));
        if (texts.stream().anyMatch(t -> t.replace('*', ' ').isBlank()))
            problems.add(block.entry("text").value(), "a phrase without words", "a word or more",
                    "take it away: it would fit everything");
        if (texts.isEmpty() && when.codes().isEmpty() && when.statuses().isEmpty())
            problems.add(e.at(), "a rule without text, code and status", "text: a phrase", "say what it looks for");
        rules.add(new BounceRule(e.key(), e.place(), texts, when, said.get(CATEGORY), said.get(HINT),
                orNone(said.get(SAMPLES))));
    }

    private static <T> List<T> orNone(List<T> list) {
        return list == null ? List.of() : list;
    }
}
