package org.caravanmta.config.accounting;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.NearestWord;

/**
 * The columns of one record type, as {@code record-fields} says.
 *
 * @param columns names in their order, {@code type} first
 */
public record RecordFields(RecordType type, List<String> columns) {

    /** Before the name of a message header. */
    public static final String HEADER = "header_";

    /** What a type has when nothing is said of it. */
    public static RecordFields defaults(RecordType type) {
        return new RecordFields(type, AcctField.defaults(type).stream().map(AcctField::word).toList());
    }

    /** The same with one more column, if it has it not yet. */
    public RecordFields with(AcctField field) {
        if (columns.contains(field.word()))
            return this;
        List<String> more = new ArrayList<>(columns);
        more.add(field.word());
        return new RecordFields(type, List.copyOf(more));
    }

    /** {@code TYPE LIST}. */
    public record Form() implements Grammar<RecordFields> {

        @Override
        public String expected() {
            return "a record type and its columns, such as \"d *,header_Subject,!dlvSize\"";
        }

        @Override
        public RecordFields parse(String text) throws Misunderstood {
            String[] parts = text.split("\\s+", 2);
            RecordType type = RecordType.ofWord(parts[0]);
            if (type == null)
                throw misunderstood("it begins with one of d, b, t, tq, r");
            if (parts.length < 2)
                throw misunderstood("name the columns behind the type; * stands for the default ones");
            Set<String> columns = new LinkedHashSet<>();
            columns.add(AcctField.TYPE.word());
            for (String word : parts[1].split(","))
                add(word.strip(), type, columns);
            return new RecordFields(type, List.copyOf(columns));
        }

        private void add(String word, RecordType type, Set<String> columns) throws Misunderstood {
            if (word.equals("*")) {
                AcctField.defaults(type).forEach(f -> columns.add(f.word()));
            } else if (word.startsWith("!")) {
                String without = known(word.substring(1).strip(), type);
                if (without.equals(AcctField.TYPE.word()))
                    throw misunderstood("the first column is always type");
                columns.remove(without);
            } else {
                columns.add(known(word, type));
            }
        }

        private String known(String word, RecordType type) throws Misunderstood {
            if (word.startsWith(HEADER)) {
                String name = word.substring(HEADER.length());
                if (name.isEmpty() || name.length() > 200
                        || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':'))
                    throw misunderstood("behind header_ stands the name of a message header: header_Subject");
                if (type == RecordType.TQ)
                    throw misunderstood("a tq record tells of a queue and has no message headers");
                return word;
            }
            AcctField field = AcctField.of(word);
            if (field == null)
                throw misunderstood("there is no column " + word + NearestWord.of(word, AcctField.words(type))
                        .map(w -> ": did you mean " + w + "?").orElse(""));
            if (!field.in(type))
                throw misunderstood("a record of type " + type + " has no " + word);
            return word;
        }
    }
}
