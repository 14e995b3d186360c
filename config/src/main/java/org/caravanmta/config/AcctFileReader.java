package org.caravanmta.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.caravanmta.config.CaravanConfig.AcctFile;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the {@code acct-file:} list, or its only entry. */
record AcctFileReader(Problems problems) {

    /** Those of all files together. */
    List<AcctFile> read(List<Block.Entry> entries) {
        List<AcctFile> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (Node item : entries.stream().flatMap(AcctFileReader::items).toList()) {
            Block block = Block.of(item, "{ path: …, records: … }", problems);
            Settings settings = block.settings(AcctFileKeys.VOCABULARY);
            String path = settings.get(AcctFileKeys.PATH);
            Block.Entry at = block.entry("path");
            if (at == null && block.readable())
                problems.add(item, "an acct-file without path", "path: acct.csv", "say where the records go");
            if (path == null)
                continue;
            if (path.startsWith("|"))
                problems.add(at.value(), Problems.quote(path), "the path of a file",
                        "pipes are not supported yet: write to a file");
            if (!paths.add(path))
                problems.add(at.value(), Problems.quote(path) + " a second time", "each file once",
                        "merge the two, or name another file");
            files.add(new AcctFile(path, settings.get(AcctFileKeys.RECORDS)));
        }
        return List.copyOf(files);
    }

    private static Stream<Node> items(Block.Entry e) {
        return e.value() instanceof SequenceNode list ? list.getValue().stream() : Stream.of(e.value());
    }
}
