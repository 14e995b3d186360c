package org.caravanmta.config.dsn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the directives that say what reports say, and the files that they name. */
public record WordingReader(Problems problems) {

    public static final Key<String> FROM = text("custom-dsn-from-header", "a From field");
    public static final Key<String> FAILED_SUBJECT = subject("failed");
    public static final Key<String> FAILED_BODY = body("failed");
    public static final Key<String> DELAYED_SUBJECT = subject("delayed");
    public static final Key<String> DELAYED_BODY = body("delayed");
    public static final Key<String> RELAYED_SUBJECT = subject("relayed");
    public static final Key<String> RELAYED_BODY = body("relayed");

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_LINE = 900;

    private static Key<String> subject(String kind) {
        return text("dsn-" + kind + "-subject-template", "a subject, perhaps with fields");
    }

    private static Key<String> body(String kind) {
        return text("dsn-" + kind + "-body-template-from", "the path of a text file");
    }

    private static Key<String> text(String name, String what) {
        return Key.of(name, new One<>(new Text(what)));
    }

    public ReportWording read(Block root, Settings s) {
        ReportWording shipped = ReportWording.DEFAULT;
        return new ReportWording(from(root, s),
                wording(root, s, FAILED_SUBJECT, FAILED_BODY, shipped.failed()),
                wording(root, s, DELAYED_SUBJECT, DELAYED_BODY, shipped.delayed()),
                wording(root, s, RELAYED_SUBJECT, RELAYED_BODY, shipped.relayed()));
    }

    /** In ASCII with an address at its end: it stands in every report, also where nobody takes UTF-8. */
    private String from(Block root, Settings s) {
        String from = s.get(FROM);
        if (from == null || from.matches("[ -~]*<[!-;=?-~]+@[A-Za-z0-9.-]+>|[!-;=?-~]+@[A-Za-z0-9.-]+"))
            return from;
        problems.add(root.entry(FROM.name()).value(), Problems.quote(from), "an address in ASCII",
                "write it as Mail Delivery <postmaster@example.com>");
        return null;
    }

    private Wording wording(Block root, Settings s, Key<String> subject, Key<String> body, Wording shipped) {
        String title = s.says(subject) ? s.get(subject) : shipped.subject();
        if (s.says(subject))
            check(root.entry(subject.name()).value(), title);
        return new Wording(title, s.says(body) ? file(root.entry(body.name()).value(), s.get(body), shipped.body())
                : shipped.body());
    }

    private void check(Node at, String text) {
        String unknown = Wording.unknownField(text);
        if (unknown != null)
            problems.add(at, Problems.quote(unknown), "one of " + Wording.Field.names(),
                    "fields are written with this case; anything else needs no ${");
    }

    private String file(Node at, String written, String otherwise) {
        try {
            Path folder = Path.of(at.getStartMark().getName()).toAbsolutePath().getParent();
            Path path = folder.resolve(written).normalize();
            if (Files.size(path) > MAX_BYTES) {
                problems.add(at, Problems.quote(written) + ", which is too large", "a text of at most 64K",
                        "a report is read by people");
                return otherwise;
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString().replace("\r\n", "\n");
            check(at, text);
            if (text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t' || c == 127)
                    || text.lines().anyMatch(l -> l.length() > MAX_LINE))
                problems.add(at, Problems.quote(written) + ", which holds control characters or very long lines",
                        "plain text", "take them out; a line has at most " + MAX_LINE + " characters");
            return text.endsWith("\n") ? text : text + "\n";
        } catch (CharacterCodingException _) {
            problems.add(at, Problems.quote(written) + ", which is not UTF-8", "a text file in UTF-8",
                    "save it again as UTF-8");
        } catch (IOException _) {
            problems.add(at, Problems.quote(written) + ", which cannot be read", "a text file",
                    "relative paths begin at the folder of this file");
        } catch (InvalidPathException _) {
            problems.add(at, Problems.quote(written), "the path of a file", "take the odd characters out");
        }
        return otherwise;
    }
}
