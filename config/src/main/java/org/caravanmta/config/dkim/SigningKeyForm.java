package org.caravanmta.config.dkim;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Shape;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** {@code SELECTOR,DOMAIN,FILE}, or a list of those. The file is not looked at here. */
public final class SigningKeyForm implements Shape<List<SigningKeyForm.Line>> {

    private static final HostName NAME = new HostName();
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,63}");

    /** As written. */
    public record Line(String selector, String domain, String file) {

        @Override
        public String toString() {
            return selector + "," + domain + "," + file;
        }
    }

    @Override
    public String expected() {
        return "SELECTOR,DOMAIN,FILE, such as key1,example.com,keys/key1.pem, or a list of them";
    }

    @Override
    public List<Line> ofText(String text) throws Misunderstood {
        return text.isEmpty() ? List.of() : List.of(line(text));
    }

    @Override
    public List<Line> read(Node node, Problems problems) {
        List<Line> lines = new ArrayList<>();
        boolean right = true;
        for (Node item : node instanceof SequenceNode list ? list.getValue() : List.of(node)) {
            List<Line> one = Shape.super.read(item, problems);
            right &= one != null;
            if (one != null)
                lines.addAll(one);
        }
        return right ? List.copyOf(lines) : null;
    }

    private Line line(String text) throws Misunderstood {
        String[] parts = text.split(",", 3);
        if (parts.length < 3 || parts[2].isBlank())
            throw new Misunderstood(expected(), "three parts with commas between them");
        String selector = parts[0].strip();
        String domain = parts[1].strip();
        return new Line(NUMBER.matcher(selector).matches() ? selector : name(selector, "the selector"),
                domain.equals(SigningKey.ANY) ? domain : name(domain, "the domain"), parts[2].strip());
    }

    private String name(String text, String what) throws Misunderstood {
        try {
            return NAME.parse(text);
        } catch (Misunderstood e) {
            throw new Misunderstood(expected(), what + ": " + e.hint());
        }
    }
}
