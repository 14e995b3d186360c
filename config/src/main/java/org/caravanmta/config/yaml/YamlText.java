package org.caravanmta.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Text to YAML nodes. Only the node graph is built; no tag ever makes an object. */
public final class YamlText {

    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_ALIASES = 20_000;

    private YamlText() {
    }

    /** Marks carry the name of the file, and not a copy of the text around them as snakeyaml's own do. */
    private static final class NamedReader extends StreamReader {

        private static final int[] NO_TEXT = {};
        private final String name;

        NamedReader(String name, String text) {
            super(text);
            this.name = name;
        }

        @Override
        public Mark getMark() {
            return new Mark(name, getIndex(), getLine(), getColumn(), NO_TEXT, 0);
        }
    }

    /** The text of a UTF-8 file; null when it cannot be read, and {@code problems} says why. */
    public static String read(Path file, Problems problems) {
        String name = file.toString();
        try {
            if (Files.isDirectory(file))
                return refuse(problems, name, "a directory", "a YAML file", "name the file in it");
            byte[] bytes = bytes(file);
            return bytes.length <= MAX_BYTES ? decode(bytes, name, problems)
                    : refuse(problems, name, "a longer file", "at most " + MAX_BYTES + " bytes",
                            "is this the right file?");
        } catch (NoSuchFileException _) {
            return refuse(problems, name, "no such file", "a YAML file",
                    "check the path, or copy the shipped caravan.yaml there");
        } catch (AccessDeniedException _) {
            return refuse(problems, name, "a file that may not be read", "a readable file", "check its owner and mode");
        } catch (IOException e) {
            return refuse(problems, name, "an unreadable file (" + e.getMessage() + ")", "a readable file",
                    "check the disk");
        }
    }

    /** A device such as /dev/zero has size 0 and no end. */
    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    /**
     * The root node, every mark of which has {@code name}; null when the text is empty, or when it is broken and
     * {@code problems} says why.
     */
    public static Node compose(String name, String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        options.setAllowRecursiveKeys(false);
        options.setTagInspector(_ -> true); // every tag is refused with its place by the reader of the nodes
        try {
            return new Composer(new ParserImpl(new NamedReader(name, text), options), new Resolver(), options)
                    .getSingleNode();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            String said = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
            problems.add(
                    new Problem(name, mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1,
                            "broken YAML (" + oneLine(said) + ")", "well-formed YAML", YamlRemedy.of(text, mark, e)));
        } catch (ReaderException e) {
            at(problems, name, text.substring(0, text.offsetByCodePoints(0, Math.min(e.getPosition(),
                    text.codePointCount(0, text.length())))),
                    "the control character U+%04X".formatted(e.getCodePoint()),
                    "text", "delete it, or write it as an escape in double quotes");
        } catch (YAMLException e) {
            refuse(problems, name, "broken YAML (" + oneLine(String.valueOf(e.getMessage())) + ")", "well-formed YAML",
                    "make the file simpler");
        }
        return null;
    }

    private static String decode(byte[] bytes, String name, Problems problems) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = utf8.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            at(problems, name, text, "the byte 0x%02X".formatted(bytes[in.position()]), "UTF-8 text",
                    "save the file as UTF-8");
            return null;
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** A problem behind the last character of {@code before}. */
    private static void at(Problems problems, String name, String before, String found, String expected, String hint) {
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        String rest = before.substring(before.lastIndexOf('\n') + 1);
        problems.add(new Problem(name, line, 1 + rest.codePointCount(0, rest.length()), found, expected, hint));
    }

    private static String refuse(Problems problems, String name, String found, String expected, String hint) {
        problems.add(new Problem(name, 1, 1, found, expected, hint));
        return null;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
