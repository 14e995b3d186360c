package org.caravanmta.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.caravanmta.config.value.Size;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of a {@code source} block. */
final class SourceKeys {

    static final Key<Boolean> SMTP_SERVICE = yesNo("smtp-service", "yes");
    static final Key<Boolean> ALWAYS_ALLOW_RELAYING = yesNo("always-allow-relaying", "no");
    static final Key<Boolean> PROCESS_X_VIRTUAL_MTA = yesNo("process-x-virtual-mta", "no");
    static final Key<Boolean> PROCESS_X_JOB = yesNo("process-x-job", "yes");
    static final Key<Boolean> PROCESS_X_ENVID = yesNo("process-x-envid", "yes");
    static final Key<Boolean> PROCESS_X_DKIM_OPTIONS = yesNo("process-x-dkim-options", "no");
    static final Key<Boolean> ALLOW_STARTTLS = yesNo("allow-starttls", "yes");
    static final Key<String> DEFAULT_VIRTUAL_MTA = Key.of("default-virtual-mta",
            new One<>(new Text("the name of a virtual-mta, or by-smtp-source-ip")));
    static final Key<List<String>> ALLOWED_VIRTUAL_MTAS = Key.of("allowed-virtual-mtas",
            new ListOf<>(new Text("the name of a virtual-mta or a virtual-mta-pool"), n -> n, 1, 20_000), Source.ALL);
    static final Key<Boolean> REJECT_INVALID_VIRTUAL_MTA = yesNo("reject-invalid-virtual-mta", "yes");
    static final Key<String> PATTERN_LIST = Key.of("pattern-list",
            new One<>(new OrNothing("the name of a pattern-list")),
            "");
    static final Key<Boolean> ADD_RECEIVED_HEADER = yesNo("add-received-header", "yes");
    static final Key<Boolean> HIDE_MESSAGE_SOURCE = yesNo("hide-message-source", "no");
    static final Key<Boolean> ADD_MESSAGE_ID_HEADER = yesNo("add-message-id-header", "no");
    static final Key<Boolean> ADD_DATE_HEADER = yesNo("add-date-header", "no");
    static final Key<Long> MAX_MESSAGE_SIZE = Key.of("max-message-size", new One<>(new Size(0, 1L << 40)), "0");

    static final Key<Boolean> SUPPRESS_LOCAL_DSN = yesNo("suppress-local-dsn", "no");
    static final Key<Boolean> DSN_RETURN_DEFAULT = Key.of("dsn-return-default", new One<>(new ReturnForm()),
            "headers");

    static final Vocabulary VOCABULARY = new Vocabulary("a source block",
            List.of(ALWAYS_ALLOW_RELAYING, PROCESS_X_VIRTUAL_MTA, DEFAULT_VIRTUAL_MTA, ALLOWED_VIRTUAL_MTAS,
                    REJECT_INVALID_VIRTUAL_MTA, PATTERN_LIST, SMTP_SERVICE, PROCESS_X_JOB, PROCESS_X_ENVID,
                    PROCESS_X_DKIM_OPTIONS,
                    ADD_RECEIVED_HEADER, HIDE_MESSAGE_SOURCE, ADD_MESSAGE_ID_HEADER, ADD_DATE_HEADER,
                    MAX_MESSAGE_SIZE, ALLOW_STARTTLS, SUPPRESS_LOCAL_DSN, DSN_RETURN_DEFAULT),
            Set.of(Block.INCLUDE), OtherDirectives.notIn("source"));

    private SourceKeys() {
    }

    /**
     * Every value, said or default.
     *
     * @param name         of the named source that lies over the network; null when there is none
     * @param patternLists the known ones by name
     */
    static Source effective(String name, Cidr network, Settings s, Map<String, PatternList> patternLists) {
        return new Source(name, network, s.get(SMTP_SERVICE), s.get(ALWAYS_ALLOW_RELAYING),
                s.get(PROCESS_X_VIRTUAL_MTA),
                s.get(PROCESS_X_JOB), s.get(PROCESS_X_ENVID), s.get(DEFAULT_VIRTUAL_MTA), s.get(ADD_RECEIVED_HEADER),
                s.get(HIDE_MESSAGE_SOURCE), s.get(ADD_MESSAGE_ID_HEADER), s.get(ADD_DATE_HEADER),
                s.get(MAX_MESSAGE_SIZE), s.get(REJECT_INVALID_VIRTUAL_MTA), patternLists.get(s.get(PATTERN_LIST)),
                Set.copyOf(s.get(ALLOWED_VIRTUAL_MTAS)), s.get(PROCESS_X_DKIM_OPTIONS),
                s.get(ALLOW_STARTTLS),
                new Source.Reporting(s.get(SUPPRESS_LOCAL_DSN), s.get(DSN_RETURN_DEFAULT)));
    }

    private static Key<Boolean> yesNo(String name, String written) {
        return Key.of(name, new One<>(new YesNo()), written);
    }
}
