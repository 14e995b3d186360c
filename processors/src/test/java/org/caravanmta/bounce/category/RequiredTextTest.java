package org.caravanmta.bounce.category;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.re2j.Pattern;

class RequiredTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = { "User unknown;user unknown", "^550 5\\.1\\.1;550 5.1.1", "ab+cdef;cdef",
            "abcd?xy;abc", "(no|bad) mailbox;' mailbox'", "[Mm]ailbox full;ailbox full", "foo.*barbaz;barbaz",
            "(?i)unknown;unknown", "quota{2,3}full;quot", "\\buser\\b;user", "\\[TS0\\d\\];[ts0" })
    void everythingThatMatchesHoldsIt(String re, String text) {
        assertThat(RequiredText.of(re)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = { "a|b", "unknown|user", ".*", "(unknown)", "(?-s:unknown)unknown", "\\Qa|b\\E", "\\x41bc",
            "[[:alpha:]]abc", "ab" })
    void whatIsNotSureGivesNone(String re) {
        assertThat(RequiredText.of(re)).isNull();
    }

    @Test
    void anExpressionFindsNothingWithoutIt() {
        for (String re : List.of("us.r unknown", "x?mail(box)* full", "5\\.[1-3]\\.1 no", "a{0}bcdef"))
            for (String text : List.of("user unknown", "mail full", "xmailbox full", "5.1.1 no", "bcdef", "nothing"))
                if (Pattern.compile(re, Pattern.CASE_INSENSITIVE).matcher(text).find())
                    assertThat(text).as(re).contains(RequiredText.of(re));
    }
}
