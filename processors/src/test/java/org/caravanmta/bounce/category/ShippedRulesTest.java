package org.caravanmta.bounce.category;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.caravanmta.config.bounce.BounceRule;
import org.caravanmta.config.bounce.BounceRules;
import org.caravanmta.config.bounce.Category;
import org.caravanmta.smtp.Stage;
import org.junit.jupiter.api.Test;

/** The shipped rules, each with its own samples against all of them. */
class ShippedRulesTest {

    static final List<BounceRule> RULES = BounceRules.shipped();
    static final RuleBase BASE = new RuleBase(RULES);

    @Test
    void thereAreAtLeastFourHundred() {
        assertThat(RULES).hasSizeGreaterThanOrEqualTo(400);
    }

    @Test
    void everySampleHitsItsOwnRuleFirst() {
        List<String> wrong = new ArrayList<>();
        for (BounceRule rule : RULES) {
            Stage stage = rule.when().stages().isEmpty() ? null : Stage.valueOf(rule.when().stages().getFirst());
            for (String sample : rule.samples()) {
                RuleBase.Hit hit = BASE.first(ReplyText.parse(sample), stage);
                if (hit == null || hit.rule() != rule)
                    wrong.add(rule.place() + ": " + rule.name() + ": " + sample + " hits "
                            + (hit == null ? "nothing" : hit.rule().name() + " by \"" + hit.phrase() + "\""));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRuleHasASampleAHintAndAKnownCategory() {
        assertThat(RULES).allSatisfy(r -> {
            assertThat(r.samples()).as(r.name()).isNotEmpty();
            assertThat(r.hint()).as(r.name()).isNotNull();
            assertThat(Category.KNOWN).as(r.name()).contains(r.category());
            assertThat(r.when().stages()).as(r.name()).allSatisfy(s -> assertThat(Stage.valueOf(s)).isNotNull());
        });
    }

    @Test
    void everyCategoryIsUsed() {
        assertThat(RULES.stream().map(BounceRule::category).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Category.KNOWN);
    }

    /** A phrase that an earlier one always forestalls would never decide anything. */
    @Test
    void everyPhraseCanDecide() {
        List<String> dead = new ArrayList<>();
        for (BounceRule rule : RULES)
            for (String text : rule.texts()) {
                String probe = text.replace(" * ", " zz ").replace("* ", "zz ").replace(" *", " zz").replace("*", "");
                int code = rule.when().codes().isEmpty() ? 0 : rule.when().codes().getFirst().lowest();
                RuleBase.Hit hit = BASE.first(new ReplyText(code, null, probe), null);
                if (hit == null || hit.rule() != rule)
                    dead.add(rule.name() + ": " + text + " hits " + (hit == null ? "nothing" : hit.rule().name()));
            }
        assertThat(dead).isEmpty();
    }
}
