package org.caravanmta.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.config.value.Secret;
import org.caravanmta.config.value.Text;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.Vocabulary;

/** Reads the {@code broker} block, and the users in it. */
record BrokerReader(Problems problems, Sources sources) {

    static final String USER = "user";
    static final Key<Secret> PASSWORD = Key.of("password", new One<>(new Secret.Form()), "");
    static final Key<String> SOURCE = Key.of("source", new One<>(new Text("the name of a source")), "{jms}");
    static final Vocabulary USER_VOCABULARY = new Vocabulary("a user of the broker", List.of(PASSWORD, SOURCE),
            Set.of(), OtherDirectives.notIn("user"));

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    BrokerSettings read(Block broker, boolean certificate) {
        Settings settings = broker.agreedSettings(BrokerKeys.VOCABULARY);
        Map<String, BrokerUser> users = new LinkedHashMap<>();
        for (Block.Entry e : broker.within(USER, "users of the broker by name").entries()) {
            BrokerUser user = user(e);
            if (users.put(e.key(), user) != null)
                problems.add(e.at(), "user " + Problems.quote(e.key()) + " a second time", "each user once",
                        "take one of them away");
        }
        List<BrokerListener> listeners = settings.get(BrokerKeys.LISTENER);
        Block.Entry at = broker.entry(BrokerKeys.LISTENER.name());
        if (!listeners.isEmpty() && users.isEmpty())
            problems.add(at.value(), "a listener of the broker without users", "a user block beside it",
                    "nobody could log in: add user: { NAME: { password: …, source: … } }, or take the line away");
        if (!certificate && listeners.stream().anyMatch(BrokerListener::tls))
            problems.add(at.value(), "tls=yes without a certificate", "smtp-server-tls-certificate",
                    "name the certificate that TLS is to be spoken with");
        return new BrokerSettings(settings.get(BrokerKeys.JOURNAL_BUFFER_TIMEOUT),
                settings.get(BrokerKeys.GLOBAL_MAX_SIZE), settings.get(BrokerKeys.MIN_FREE_SPACE), listeners,
                Map.copyOf(users));
    }

    private BrokerUser user(Block.Entry e) {
        if (!NAME.matcher(e.key()).matches())
            problems.add(e.at(), Problems.quote(e.key()), "the name of a user", "letters, digits, _ and -, at most 64");
        Settings s = Block.including(e.value(), "a user of the broker", problems).settings(USER_VOCABULARY);
        if (s.get(PASSWORD).equals(Secret.NONE))
            problems.add(e.at(), "user " + Problems.quote(e.key()) + " without a password", "password: env:NAME",
                    "nobody is let in without one");
        if (!sources.named().containsKey(s.get(SOURCE)))
            problems.add(e.at(), "user " + Problems.quote(e.key()) + " of the source " + Problems.quote(s.get(SOURCE))
                    + ", which there is not", "the name of a source block",
                    "add source: { \"" + s.get(SOURCE) + "\": { always-allow-relaying: yes } }");
        return new BrokerUser(e.key(), s.get(PASSWORD), s.get(SOURCE));
    }
}
