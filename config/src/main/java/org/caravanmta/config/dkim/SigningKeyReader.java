package org.caravanmta.config.dkim;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.caravanmta.config.dkim.SigningKeyForm.Line;
import org.caravanmta.config.pem.UnusableFile;
import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the files that {@code domain-key} names, each once. Belongs to the reading thread. */
public final class SigningKeyReader {

    public static final Key<List<Line>> DOMAIN_KEY = Key.of("domain-key", new SigningKeyForm(), "");
    public static final Key<Boolean> CHECK_DOMAIN_KEYS = Key.of("check-domain-keys", new One<>(new YesNo()), "no");

    private final Problems problems;
    private final Map<Path, Optional<KeyPair>> read = new HashMap<>();

    public SigningKeyReader(Problems problems) {
        this.problems = problems;
    }

    /** The keys that a block names; those that cannot be used are told. */
    public List<SigningKey> keys(Block block, Settings settings) {
        if (!settings.says(DOMAIN_KEY))
            return List.of();
        Node value = block.entry(DOMAIN_KEY.name()).value();
        List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
        List<SigningKey> keys = new ArrayList<>();
        List<Line> lines = settings.get(DOMAIN_KEY);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            pair(line, nodes.size() == lines.size() ? nodes.get(i) : value)
                    .ifPresent(pair -> keys.add(new SigningKey(line.selector(), line.domain(), line.file(),
                            pair.getPrivate(), pair.getPublic())));
        }
        return List.copyOf(keys);
    }

    private Optional<KeyPair> pair(Line line, Node at) {
        try {
            Path folder = Path.of(at.getStartMark().getName()).toAbsolutePath().getParent();
            Path path = folder.resolve(line.file()).normalize();
            Optional<KeyPair> known = read.get(path);
            if (known != null)
                return known;
            read.put(path, Optional.empty());
            KeyPair pair = KeyFile.read(path);
            warn(line, at, KeyFile.bits(pair));
            read.put(path, Optional.of(pair));
            return read.get(path);
        } catch (UnusableFile e) {
            problems.add(at, e.found(), e.expected(), e.hint());
        } catch (InvalidPathException _) {
            problems.add(at, Problems.quote(line.file()), "the path of a file", "take the odd characters out");
        }
        return Optional.empty();
    }

    private void warn(Line line, Node at, int bits) {
        if (bits > 0 && bits < KeyFile.GOOD_RSA_BITS)
            problems.warn(at, line.file() + ", an RSA key of " + bits + " bits", "2048 bits",
                    "it is short (RFC 8301): change to a longer one, see caravan dkim keygen");
        else if (bits > KeyFile.MOST_RSA_BITS)
            problems.warn(at, line.file() + ", an RSA key of " + bits + " bits", "2048 bits",
                    "receivers need not check more than 4096 bits (RFC 8301)");
    }
}
