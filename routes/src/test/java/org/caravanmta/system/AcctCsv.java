package org.caravanmta.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an accounting file strictly (RFC 4180): a torn line or a missing field is an error. */
final class AcctCsv {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxx");

    private final String text;
    private int at;

    private AcctCsv(String text) {
        this.text = text;
    }

    record Line(Map<String, String> fields) {

        String get(String column) {
            return fields.get(column);
        }

        String rcpt() {
            return get("rcpt");
        }

        boolean delivered() {
            return get("type").equals("d");
        }

        /** Bounced, expired or deleted. */
        boolean failed() {
            return get("type").equals("b");
        }

        boolean isFinal() {
            return delivered() || failed();
        }
    }

    static List<Line> read(Path csv) throws IOException {
        AcctCsv file = new AcctCsv(Files.readString(csv, StandardCharsets.UTF_8));
        List<String> header = file.next();
        List<Line> lines = new ArrayList<>();
        while (file.at < file.text.length())
            lines.add(line(header, file.next()));
        return lines;
    }

    static List<Line> of(Path csv, String recipient) throws IOException {
        return read(csv).stream().filter(l -> l.rcpt().equals(recipient)).toList();
    }

    private static Line line(List<String> header, List<String> values) {
        if (values.size() != header.size())
            throw new IllegalStateException("found " + values.size() + " fields, expected " + header.size() + ": "
                    + values);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++)
            fields.put(header.get(i), values.get(i));
        if (!fields.get("type").matches("[dbt]"))
            throw new IllegalStateException("no record type: " + values);
        OffsetDateTime.parse(fields.get("timeLogged"), TIME);
        OffsetDateTime.parse(fields.get("timeQueued"), TIME);
        return new Line(fields);
    }

    private List<String> next() {
        List<String> values = new ArrayList<>();
        while (true) {
            values.add(text.startsWith("\"", at) ? quoted() : plain());
            if (text.startsWith("\r\n", at)) {
                at += 2;
                return values;
            }
            if (!text.startsWith(",", at))
                throw new IllegalStateException("torn after " + values);
            at++;
        }
    }

    private String plain() {
        int begin = at;
        while (at < text.length() && ",\r\n\"".indexOf(text.charAt(at)) < 0)
            at++;
        return text.substring(begin, at);
    }

    private String quoted() {
        StringBuilder b = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) == '"' && !text.startsWith("\"\"", at)) {
                at++;
                return b.toString();
            }
            if (text.charAt(at) == '"')
                at++;
            b.append(text.charAt(at));
        }
        throw new IllegalStateException("torn within quotes");
    }
}
