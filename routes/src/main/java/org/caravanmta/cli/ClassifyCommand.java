package org.caravanmta.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.caravanmta.bounce.StatusText;
import org.caravanmta.bounce.category.BounceClassifier;
import org.caravanmta.bounce.category.ReplyText;
import org.caravanmta.bounce.category.RuleBase;
import org.caravanmta.bounce.category.Verdict;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.bounce.BounceRules;
import org.caravanmta.smtp.Stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan classify}: the bounce category of a reply and why, or those of a whole file. */
@Command(name = "classify", mixinStandardHelpOptions = true,
        description = "Says which bounce category a reply gets, and by which rule. Without a reply it reads one in each "
                + "line of standard input and prints how many there are of each category.")
final class ClassifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "REPLY", arity = "0..*", description = "such as \"550 5.1.1 user unknown\"")
    private List<String> words = List.of();

    @Mixin
    private ConfigOption config;

    @Option(names = "--stage", paramLabel = "STAGE",
            description = "where in the session it was said: ${COMPLETION-CANDIDATES}")
    private Stage stage;

    @Option(names = "--lines",
            description = "also one line for each reply of standard input: category, hint, rule, reply")
    private boolean lines;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CaravanConfig read = config.read(System.err);
        if (read == null)
            return 2;
        BounceClassifier classifier;
        try {
            classifier = new BounceClassifier(new RuleBase(BounceRules.shipped()), read::bounceCategoryPatterns);
        } catch (BounceRules.BadRulesException e) {
            e.problems().forEach(System.err::println);
            return 2;
        }
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (words.isEmpty())
            file(classifier, out);
        else
            one(verdict(classifier, ReplyText.parse(String.join(" ", words))), out);
        out.flush();
        return 0;
    }

    private Verdict verdict(BounceClassifier classifier, ReplyText reply) {
        return classifier.classify(reply, stage, reply.status() == null ? null : StatusText.of(reply.status()));
    }

    private void one(Verdict v, PrintStream out) throws JsonProcessingException {
        if (json)
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(fields(v, null)));
        else
            out.print("category  %s%nhint      %s%nrule      %s%nbecause   %s%n".formatted(v.category(),
                    v.hint() == null ? "-" : v.hint(), v.rule() == null ? "-" : v.rule() + " (" + v.place() + ")",
                    v.why()));
    }

    private void file(BounceClassifier classifier, PrintStream out) throws IOException {
        CategoryCounts counts = new CategoryCounts();
        ObjectMapper mapper = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isBlank())
                continue;
            ReplyText reply = ReplyText.parse(line);
            Verdict v = verdict(classifier, reply);
            counts.add(v.category());
            if (lines && json)
                out.println(mapper.writeValueAsString(fields(v, reply.line())));
            else if (lines)
                out.println(v.category() + "\t" + (v.hint() == null ? "-" : v.hint()) + "\t"
                        + (v.rule() == null ? "-" : v.rule()) + "\t" + reply.line());
        }
        if (json)
            out.println(mapper.writeValueAsString(Map.of("replies", counts.total(), "categories", counts.byCount())));
        else
            out.print((lines ? System.lineSeparator() : "") + counts.table());
    }

    private static Map<String, Object> fields(Verdict v, String reply) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("category", v.category());
        fields.put("hint", v.hint() == null ? null : v.hint().toString());
        fields.put("rule", v.rule());
        fields.put("place", v.place());
        fields.put("because", v.why());
        if (reply != null)
            fields.put("reply", reply);
        return fields;
    }
}
