package org.caravanmta.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.caravanmta.config.accounting.AcctField;
import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.AcctFormat;
import org.caravanmta.config.accounting.Privacy;
import org.caravanmta.config.accounting.RecordFields;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.config.accounting.Webhook;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the {@code acct-file:} list, or its only entry. */
record AcctFileReader(Problems problems) {

    private static final long WEBHOOK_MAX_SIZE = 5 << 20;
    private static final List<Key<?>> FILE_ONLY = List.of(AcctFileKeys.MOVE_TO, AcctFileKeys.MOVE_INTERVAL,
            AcctFileKeys.DELETE_AFTER, AcctFileKeys.WORLD_READABLE, AcctFileKeys.SYNC, AcctFileKeys.TRANSPORT_TO);
    private static final List<Key<?>> PIPE_ONLY = List.of(AcctFileKeys.WRITE_TIMEOUT);
    private static final List<Key<?>> WEBHOOK_ONLY = List.of(AcctFileKeys.WEBHOOK_EXTRA_HEADERS,
            AcctFileKeys.WEBHOOK_MAX_INTERVAL, AcctFileKeys.WEBHOOK_CONNECT_TIMEOUT, AcctFileKeys.WEBHOOK_IO_TIMEOUT,
            AcctFileKeys.WEBHOOK_GZIP);

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
            if (path.equals(AcctFile.PIPE) || path.startsWith("|") && path.substring(1).isBlank())
                problems.add(at.value(), Problems.quote(path), "a command behind |",
                        "name a program: |/usr/bin/loader");
            if (!paths.add(path))
                problems.add(at.value(), Problems.quote(path) + " a second time", "each file once",
                        "merge the two, or name another file");
            check(block, settings, path);
            files.add(file(settings, path));
        }
        return List.copyOf(files);
    }

    private static Stream<Node> items(Block.Entry e) {
        return e.value() instanceof SequenceNode list ? list.getValue().stream() : Stream.of(e.value());
    }

    private void check(Block block, Settings s, String path) {
        boolean pipe = path.startsWith(AcctFile.PIPE);
        boolean webhook = s.says(AcctFileKeys.WEBHOOK_URL);
        if (pipe && webhook)
            problems.add(block.entry(AcctFileKeys.WEBHOOK_URL.name()).at(), "a webhook and a command in one acct-file",
                    "one of the two", "write an acct-file for each");
        if (pipe || webhook)
            refuse(block, s, FILE_ONLY, "an acct-file that writes a file", "nothing is kept in files here");
        if (!pipe)
            refuse(block, s, PIPE_ONLY, "an acct-file with a command", "it holds for commands only");
        if (!webhook)
            refuse(block, s, WEBHOOK_ONLY, "an acct-file with http-webhook-url", "say where to post to");
        if (s.says(AcctFileKeys.MOVE_TO) && s.says(AcctFileKeys.DELETE_AFTER))
            problems.add(block.entry("delete-after").at(), "delete-after together with move-to", "one of the two",
                    "what was moved is not deleted here: take delete-after away");
        AcctFormat format = format(s, path);
        if (format == AcctFormat.XML && (pipe || webhook))
            problems.add(block.node(), "XML for a command or a webhook", "csv or json",
                    "an XML document has an end, a stream has none");
        Set<RecordType> told = new HashSet<>();
        for (RecordFields f : s.get(AcctFileKeys.RECORD_FIELDS)) {
            if (!told.add(f.type()))
                problems.add(block.entry("record-fields").at(), "record-fields of " + f.type() + " a second time",
                        "each type once", "put them into one line");
            if (!s.get(AcctFileKeys.RECORDS).contains(f.type()))
                problems.add(block.entry("record-fields").at(), "record-fields of " + f.type(),
                        "a type that is among the records", "add " + f.type() + " to records, or take the line away");
        }
    }

    private void refuse(Block block, Settings s, List<Key<?>> keys, String expected, String hint) {
        for (Key<?> key : keys)
            if (s.says(key))
                problems.add(block.entry(key.name()).at(), key.name(), expected, hint);
    }

    private static AcctFormat format(Settings s, String path) {
        if (s.says(AcctFileKeys.FORMAT))
            return s.get(AcctFileKeys.FORMAT);
        return path.startsWith(AcctFile.PIPE) ? AcctFormat.CSV : AcctFormat.ofPath(path);
    }

    private static AcctFile file(Settings s, String path) {
        boolean webhook = s.says(AcctFileKeys.WEBHOOK_URL);
        boolean stream = webhook || path.startsWith(AcctFile.PIPE);
        List<RecordType> records = s.get(AcctFileKeys.RECORDS);
        Map<RecordType, RecordFields> fields = new LinkedHashMap<>();
        for (RecordType t : records)
            fields.put(t, stream ? RecordFields.defaults(t).with(AcctField.RECORD_ID) : RecordFields.defaults(t));
        for (RecordFields f : s.get(AcctFileKeys.RECORD_FIELDS))
            fields.put(f.type(), f);
        long maxSize = webhook && !s.says(AcctFileKeys.MAX_SIZE) ? WEBHOOK_MAX_SIZE : s.get(AcctFileKeys.MAX_SIZE);
        List<Privacy> privacy = s.get(AcctFileKeys.PRIVACY_POLICY);
        return new AcctFile(path, format(s, path), records, fields, s.get(AcctFileKeys.USER_STRING),
                s.get(AcctFileKeys.ISO_TIMES), s.get(AcctFileKeys.FORMULA_GUARD),
                new AcctFile.Filter(s.get(AcctFileKeys.QUEUE_FILTER), s.get(AcctFileKeys.VIRTUAL_MTA_FILTER),
                        s.get(AcctFileKeys.JOB_FILTER)),
                privacy,
                new AcctFile.Rotation(s.get(AcctFileKeys.MOVE_TO), s.get(AcctFileKeys.MOVE_INTERVAL), maxSize,
                        s.says(AcctFileKeys.MOVE_TO) ? null : s.get(AcctFileKeys.DELETE_AFTER).orElse(null),
                        s.get(AcctFileKeys.WORLD_READABLE), s.get(AcctFileKeys.SYNC),
                        s.get(AcctFileKeys.TRANSPORT_TO)),
                new AcctFile.Pipe(s.get(AcctFileKeys.RETRY_INTERVAL), s.get(AcctFileKeys.WRITE_TIMEOUT)),
                webhook ? webhook(s) : null);
    }

    private static Webhook webhook(Settings s) {
        return new Webhook(s.get(AcctFileKeys.WEBHOOK_URL), s.get(AcctFileKeys.WEBHOOK_EXTRA_HEADERS),
                s.get(AcctFileKeys.WEBHOOK_MAX_INTERVAL), s.get(AcctFileKeys.WEBHOOK_CONNECT_TIMEOUT),
                s.get(AcctFileKeys.WEBHOOK_IO_TIMEOUT), s.get(AcctFileKeys.WEBHOOK_GZIP));
    }
}
