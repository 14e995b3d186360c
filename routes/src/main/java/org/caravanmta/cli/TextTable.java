package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Columns as wide as what is in them, two blanks between them; one row a line, whatever is in a cell: what strangers say
 * must not steer the terminal.
 */
final class TextTable {

    private static final int WIDEST = 60;

    private final List<List<String>> rows = new ArrayList<>();

    TextTable row(String... cells) {
        rows.add(Stream.of(cells).map(TextTable::printable).toList());
        return this;
    }

    /** With a question mark for every control character. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < (rows.isEmpty() ? 0 : rows.getFirst().size()); i++) {
            int column = i;
            widths.add(rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).repeat(' ',
                        Math.min(widths.get(i), WIDEST) - Math.min(row.get(i).length(), WIDEST) + 2);
            }
            text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
        }
        return text.toString();
    }
}
