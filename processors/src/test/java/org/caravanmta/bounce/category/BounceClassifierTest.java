package org.caravanmta.bounce.category;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.config.bounce.CategoryPattern;
import org.caravanmta.config.bounce.Hint;
import org.caravanmta.message.Outcome;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BounceClassifierTest {

    private static final Recipient RCPT = new Recipient("jdoe@example.net", null);
    private static final BounceClassifier OURS = new BounceClassifier(ShippedRulesTest.BASE, List::of);

    private static List<CategoryPattern> patterns(String... lines) {
        StringBuilder yaml = new StringBuilder("smtp-listener: 127.0.0.1:0\nbounce-category-patterns:\n");
        for (String line : lines)
            yaml.append("- '").append(line).append("'\n");
        ConfigReader.Result r = ConfigReader.readText("c.yaml", yaml.toString(), () -> "gw.example.com");
        assertThat(r.problems()).isEmpty();
        return r.config().bounceCategoryPatterns();
    }

    private static Outcome bounced(Stage stage, int code, String status, String text) {
        return new Outcome.Bounced(RCPT, Failure.ofReply(stage, Reply.of(code, status, text)));
    }

    @Test
    void repliesOfManyServersGetTheirCategory() throws IOException {
        List<String> wrong = new ArrayList<>();
        int replies = 0;
        for (String line : table()) {
            String[] column = line.split("\t", 2);
            Verdict v = OURS.classify(ReplyText.parse(column[1]), null, null);
            replies++;
            if (!v.category().equals(column[0]))
                wrong.add(column[0] + " expected, " + v.category() + " by " + v.rule() + ": " + column[1]);
        }
        assertThat(wrong).isEmpty();
        assertThat(replies).isGreaterThanOrEqualTo(150);
    }

    private static List<String> table() throws IOException {
        try (InputStream in = BounceClassifierTest.class.getResourceAsStream("/bounce/replies.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
        }
    }

    /** Texts that no rule knows: status and code decide. */
    @ParameterizedTest
    @CsvSource({ "550,5.1.1,bad-mailbox", "550,5.1.2,bad-domain", "550,5.1.8,invalid-sender", "556,5.1.10,bad-domain",
            "550,5.1.6,inactive-mailbox", "450,4.2.1,inactive-mailbox", "452,4.2.2,quota-issues",
            "552,5.2.3,content-related", "452,4.3.1,quota-issues", "421,4.3.2,bad-connection",
            "554,5.3.4,content-related", "554,5.3.5,bad-configuration", "451,4.4.1,no-answer-from-host",
            "451,4.4.2,bad-connection", "451,4.4.4,routing-errors", "554,5.4.6,routing-errors",
            "554,4.4.7,message-expired", "501,5.5.4,protocol-errors", "452,4.5.3,policy-related",
            "554,5.6.1,content-related", "550,5.6.7,protocol-errors", "550,5.7.1,policy-related",
            "535,5.7.8,bad-configuration", "550,5.7.13,inactive-mailbox", "550,5.7.20,policy-related",
            "550,5.7.25,bad-configuration", "550,5.7.27,invalid-sender", "450,4.7.28,policy-related",
            "550,5.7.99,policy-related", "421,,bad-connection", "450,,policy-related", "451,,bad-configuration",
            "452,,quota-issues", "500,,protocol-errors", "521,,bad-domain", "530,,relaying-issues",
            "535,,bad-configuration", "550,,bad-mailbox", "551,,relaying-issues", "552,,quota-issues",
            "553,,bad-mailbox", "554,,policy-related", "555,,protocol-errors", "556,,bad-domain", "599,,policy-related",
            "499,,other" })
    void withoutKnownWordsTheRfcsDecide(int code, String status, String category) {
        assertThat(OURS.category(bounced(Stage.RCPT, code, status, "zzz"))).isEqualTo(category);
    }

    @ParameterizedTest
    @CsvSource({ "RCPT,bad-mailbox", "MAIL,policy-related", "DATA_END,policy-related", "GREETING,policy-related" })
    void theStageTellsWhatABare550Means(Stage stage, String category) {
        assertThat(OURS.category(bounced(stage, 550, null, "zzz"))).isEqualTo(category);
    }

    @ParameterizedTest
    @EnumSource(names = "REPLY", mode = EnumSource.Mode.EXCLUDE)
    void whatNoPeerSaidHasACategoryToo(Cause cause) {
        String category = OURS.category(new Outcome.Deferred(RCPT, Failure.of(Stage.CONNECT, cause, "own words")));

        assertThat(category).isEqualTo(switch (cause) {
            case NO_CONNECTION -> "no-answer-from-host";
            case CONNECTION_LOST -> "bad-connection";
            case PROTOCOL, EXTENSION_MISSING, TLS_BROKEN, TLS_MISSING -> "protocol-errors";
            case NO_SUCH_DOMAIN, NULL_MX -> "bad-domain";
            case NO_MAIL_HOST, DNS_TEMPORARY -> "routing-errors";
            case SOURCE_ADDRESS_MISSING, LOGIN_IMPOSSIBLE -> "bad-configuration";
            case REPLY -> throw new AssertionError();
        });
    }

    @Test
    void expiredIsExpiredAndDeliveredHasNone() {
        assertThat(OURS.category(new Outcome.Expired(RCPT, "550 user unknown"))).isEqualTo("message-expired");
        assertThat(OURS.category(new Outcome.Delivered(RCPT, Reply.of(250, "2.0.0", "spam")))).isNull();
    }

    @Test
    void anOperatorsExpressionsComeFirstInTheirOrder() {
        List<CategoryPattern> own = patterns("/never there/ a", "/user (un)?known/ invalid-mailbox",
                "/unknown/ second");
        BounceClassifier c = new BounceClassifier(ShippedRulesTest.BASE, () -> own);

        assertThat(c.category(bounced(Stage.RCPT, 550, "5.1.1", "USER\nunknown"))).isEqualTo("invalid-mailbox");
        assertThat(c.category(bounced(Stage.RCPT, 550, "5.1.1", "unknown user"))).isEqualTo("second");
        assertThat(c.category(bounced(Stage.RCPT, 552, "5.2.2", "mailbox full"))).isEqualTo("quota-issues");
        Verdict v = c.classify(ReplyText.parse("550 user known"), null, null);
        assertThat(v.rule()).isEqualTo("/user (un)?known/");
        assertThat(v.place()).isEqualTo("c.yaml:4");
        assertThat(v.hint()).isNull();
    }

    @Test
    void anOperatorsExpressionsSeeCodesStatusAndOurOwnWords() {
        List<CategoryPattern> own = patterns("/^550 5\\.7\\.1 /  by-line", "/^5\\.1\\.2 /  by-status",
                "/ECONNREFUSED/ refused");
        BounceClassifier c = new BounceClassifier(ShippedRulesTest.BASE, () -> own);

        assertThat(c.category(bounced(Stage.RCPT, 550, "5.7.1", "no"))).isEqualTo("by-line");
        assertThat(c.category(new Outcome.Bounced(RCPT, Failure.of(Stage.DNS, Cause.NO_SUCH_DOMAIN, null))))
                .isEqualTo("by-status");
        assertThat(c.category(new Outcome.Deferred(RCPT, Failure.of(Stage.CONNECT, Cause.NO_CONNECTION,
                "ECONNREFUSED connecting to mx (192.0.2.1)")))).isEqualTo("refused");
    }

    @Test
    void newExpressionsHoldFromTheNextFailureOn() {
        AtomicReference<List<CategoryPattern>> own = new AtomicReference<>(List.of());
        BounceClassifier c = new BounceClassifier(ShippedRulesTest.BASE, own::get);
        Outcome full = bounced(Stage.RCPT, 552, "5.2.2", "mailbox full");

        assertThat(c.category(full)).isEqualTo("quota-issues");
        own.set(patterns("/full/ later"));
        assertThat(c.category(full)).isEqualTo("later");
    }

    @ParameterizedTest
    @CsvSource({ "550 5.1.1 user unknown,SUPPRESS", "450 4.1.1 user unknown,RETRY", "4.1.1 user unknown,RETRY",
            "user unknown,SUPPRESS", "421 4.7.0 listed in a DNSBL,FIX" })
    void aTemporaryReplyNeverGivesAnAddressUp(String reply, Hint hint) {
        assertThat(OURS.classify(ReplyText.parse(reply), null, null).hint()).isEqualTo(hint);
    }

    @Test
    void aVerdictSaysWhichRuleAndWhy() {
        Verdict v = OURS.classify(ReplyText.parse("550 5.1.1 user unknown"), null, null);

        assertThat(v.rule()).isEqualTo("mailbox-user-unknown");
        assertThat(v.hint()).isEqualTo(Hint.SUPPRESS);
        assertThat(v.place()).startsWith("bounce-rules/mailbox.yaml:");
        assertThat(v.why()).isEqualTo("it says \"user * unknown\"");
        assertThat(OURS.classify(ReplyText.parse("550 5.1.1 zzz"), null, null).why()).isEqualTo("status 5.1.1");
        assertThat(OURS.classify(ReplyText.parse("zzz"), null, null).category()).isEqualTo("other");
    }
}
