package org.caravanmta.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

class ExpressionTest {

    private static Expression of(String text) {
        return Expression.of(Pattern.compile(text, Pattern.CASE_INSENSITIVE));
    }

    @ParameterizedTest
    @ValueSource(strings = { "@example\\.com$", "^news@", "^a@b\\.test$", "campaign-7", "a\\/b", "@example.com\\$",
            "a\\+b@" })
    void plainTextIsComparedAsText(String expression) {
        if (expression.equals("@example.com\\$"))
            assertThat(of(expression).literal()).as("a dot is any character").isNull();
        else
            assertThat(of(expression).literal()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { ".", "a|b", "a*", "(a)", "[a]", "a{2}", "a+", "\\d", "\\ba", "^", "$", "^$", "a^b", "a$b",
            "\\Qa\\E", "ä" })
    void anythingElseIsLeftToTheExpression(String expression) {
        assertThat(of(expression).literal()).isNull();
    }

    /** Random expressions and texts of few characters: both ways must agree, whatever they say. */
    @Test
    void bothWaysAgree() {
        Random random = new Random(7);
        int literals = 0;
        for (int i = 0; i < 200_000; i++) {
            String expression = text(random, "aAbB@.\\^$-\u212a\u017fkKsS\n", 6);
            Expression e;
            try {
                e = of(expression);
            } catch (PatternSyntaxException _) {
                continue;
            }
            String text = text(random, "aAbB@.^$-\u212a\u017fkKsS\n", 8);
            if (e.literal() != null)
                literals++;
            assertThat(e.foundIn(text)).as("%s in %s", expression, text).isEqualTo(e.pattern().matcher(text).find());
        }
        assertThat(literals).isGreaterThan(10_000);
    }

    private static String text(Random random, String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(most + 1); n > 0; n--)
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        return text.toString();
    }
}
