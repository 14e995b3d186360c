package org.caravanmta.config;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of one {@code acct-file}. */
final class AcctFileKeys {

    static final Key<String> PATH = Key.of("path", new One<>(new Text("the path of a file, such as acct.csv")));
    static final Key<List<Character>> RECORDS = Key.of("records", new ListOf<>(new RecordTypeGrammar(), c -> c, 1, 10),
            "d,b");

    static final Vocabulary VOCABULARY = new Vocabulary("an acct-file block", List.of(PATH, RECORDS), Set.of(),
            OtherDirectives.notIn("acct-file"));

    private AcctFileKeys() {
    }
}
