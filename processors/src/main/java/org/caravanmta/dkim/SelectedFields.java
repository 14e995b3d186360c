package org.caravanmta.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.message.header.HeaderFields;
import org.caravanmta.message.header.HeaderSection;

/**
 * The fields of a header that one signature is about, in the order of {@code h=}: equal names together, the last one of
 * the header first (RFC 6376 §5.4.2). A name that stands there once more than the header has it cannot be added.
 */
final class SelectedFields {

    private final byte[] array;
    private final List<String> names = new ArrayList<>();
    private final List<Position> positions = new ArrayList<>();

    private record Position(int start, int nameEnd, int end) {
    }

    SelectedFields(HeaderSection header, Signature signature) {
        array = header.array();
        Map<String, List<Position>> byName = new LinkedHashMap<>();
        HeaderFields fields = header.fields();
        while (fields.next()) {
            String name = new String(array, fields.start(), fields.nameEnd() - fields.start(),
                    StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            if (name.indexOf(';') < 0 && signature.headers().holds(name))
                byName.computeIfAbsent(name, _ -> new ArrayList<>(1))
                        .add(new Position(fields.start(), fields.nameEnd(), fields.end()));
        }
        byName.forEach((name, found) -> {
            positions.addAll(found.reversed());
            found.forEach(_ -> names.add(name));
            if (signature.noMore().contains(name))
                names.add(name);
        });
        for (String name : signature.noMore())
            if (!byName.containsKey(name))
                names.add(name);
        if (!names.contains("from"))
            names.add("from"); // RFC 6376 §5.4
    }

    /** The value of {@code h=}; at least one. */
    List<String> names() {
        return names;
    }

    void append(Canonicalization canonicalization, ByteText to) {
        for (Position p : positions)
            CanonicalField.append(canonicalization, array, p.start(), p.nameEnd(), p.end(), to);
    }
}
