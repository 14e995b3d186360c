package org.caravanmta.config.bounce;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

import org.caravanmta.config.yaml.Problem;
import org.caravanmta.config.yaml.Problems;

/**
 * Our own rules, in the order in which they are asked. They are files in {@code bounce-rules/} on the class path, which
 * the launcher makes the folder {@code conf/} of the distribution; {@code order.txt} there names them in order.
 */
public final class BounceRules {

    private static final String FOLDER = "bounce-rules/";

    private BounceRules() {
    }

    /** Reads all files: some hundred milliseconds in a new JVM. */
    public static List<BounceRule> shipped() {
        Problems problems = new Problems(FOLDER + "order.txt");
        BounceRuleReader reader = new BounceRuleReader(problems);
        resource("order.txt").lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#"))
                .forEach(file -> reader.read(FOLDER + file, resource(file)));
        if (!problems.none())
            throw new BadRulesException(problems.problems());
        return reader.rules();
    }

    /** Rules of one text; {@code file} takes the place of its name in problems. */
    public static List<BounceRule> read(String file, String text) {
        Problems problems = new Problems(file);
        BounceRuleReader reader = new BounceRuleReader(problems);
        reader.read(file, text);
        if (!problems.none())
            throw new BadRulesException(problems.problems());
        return reader.rules();
    }

    private static String resource(String file) {
        try (InputStream in = BounceRules.class.getClassLoader().getResourceAsStream(FOLDER + file)) {
            if (in == null)
                throw new BadRulesException(List.of(new Problem(FOLDER + file, 1, 1, "no such file",
                        "a file of bounce rules", "put it back, or take it out of order.txt")));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Someone changed a shipped file. */
    public static final class BadRulesException extends RuntimeException {

        private final transient List<Problem> problems;

        BadRulesException(List<Problem> problems) {
            super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
            this.problems = problems;
        }

        public List<Problem> problems() {
            return problems;
        }
    }
}
