package org.caravanmta.bounce.category;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.caravanmta.config.bounce.BounceRules;
import org.caravanmta.config.bounce.BounceRules.BadRulesException;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleBaseTest {

    private static RuleBase base(String... texts) {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < texts.length; i++)
            yaml.append("r%d: { %s, category: other, hint: fix, samples: x }%n".formatted(i, texts[i]));
        return new RuleBase(BounceRules.read("rules.yaml", yaml.toString()));
    }

    private static String first(RuleBase base, String line, Stage stage) {
        RuleBase.Hit hit = base.first(ReplyText.parse(line), stage);
        return hit == null ? null : hit.rule().name();
    }

    private static String first(RuleBase base, String line) {
        return first(base, line, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "user unknown | USER Unknown! | yes", "user unknown | superuser unknown |",
            "user unknown | user unknownish |", "user unknown | user  is unknown |",
            "user * unknown | user x is unknown | yes", "user * unknown | user unknown | yes",
            "user * unknown | unknown user |", "black* | blacklisted | yes", "black* | unblacked |",
            "*list | blocklist | yes", "spam*org | zen.spamhaus.org | yes", "a * a | a |", "a * a | a a | yes",
            "aa * aa | aaaa |", "(#5.1.1) | x(#5.1.1)y | yes", "é | É | yes", "ab * bc * cd | ab bc abcd cd | yes",
            "ab * bc * cd | ab cd bc |" })
    void phrases(String phrase, String text, String hit) {
        assertThat(first(base("text: '" + phrase + "'"), text)).isEqualTo(hit == null ? null : "r0");
    }

    @Test
    void theFirstRuleInOrderWinsWhereverItsWordsStand() {
        RuleBase base = base("text: late", "text: [ early, late ]", "text: ear*");

        assertThat(first(base, "early and late")).isEqualTo("r0");
        assertThat(first(base, "early")).isEqualTo("r1");
        assertThat(first(base, "ear")).isEqualTo("r2");
        assertThat(first(base, "nothing")).isNull();
    }

    @Test
    void conditionsOnCodeStatusAndStage() {
        RuleBase base = base("text: no, code: 4xx", "text: no, status: x.1.1", "code: 552", "status: 5.2.x",
                "code: [ 550, 553 ], stage: [ MAIL, DATA ]", "code: 5xx");

        assertThat(first(base, "450 no")).isEqualTo("r0");
        assertThat(first(base, "550 5.1.1 no")).isEqualTo("r1");
        assertThat(first(base, "552 5.2.2 full")).isEqualTo("r2");
        assertThat(first(base, "550 5.2.1 off")).isEqualTo("r3");
        assertThat(first(base, "550 x", Stage.DATA)).isEqualTo("r4");
        assertThat(first(base, "550 x", Stage.RCPT)).isEqualTo("r5");
        assertThat(first(base, "550 x", null)).isEqualTo("r5");
        assertThat(first(base, "450 x")).isNull();
    }

    /** Counted, not timed: a text of one megabyte costs no more steps than its considered part has, times a few. */
    @ParameterizedTest
    @ValueSource(strings = { "user unknown ", "mailbox mailbox user recipient sender ", "a", " ", "550-", "5.1.",
            "spam spam spam mailbox full quota exceeded " })
    void aMegabyteOfHostileTextCostsFewSteps(String part) {
        String hostile = part.repeat((1 << 20) / part.length());

        assertThat(ShippedRulesTest.BASE.steps(ReplyText.parse("550 " + hostile)))
                .isLessThan(10 * ReplyText.LONGEST);
        assertThat(ShippedRulesTest.BASE.steps(ReplyText.parse(hostile))).isLessThan(10 * ReplyText.LONGEST);
    }

    @Test
    void aBadFileOfRulesSaysWhereAndWhat() {
        String yaml = """
                one: { text: a, category: Bad Name, hint: wait, samples: x }
                two: { category: other, hint: fix, samples: x }
                three: { text: a, code: 5y, category: other, hint: fix }
                """;

        assertThatThrownBy(() -> BounceRules.read("own.yaml", yaml)).isInstanceOf(BadRulesException.class)
                .hasMessageContainingAll("own.yaml:1:27: found \"Bad Name\"", "own.yaml:1:43: found \"wait\"",
                        "own.yaml:2:1: found a rule without text, code and status", "own.yaml:3:25: found \"5y\"",
                        "own.yaml:3:1: found a rule without samples");
    }
}
