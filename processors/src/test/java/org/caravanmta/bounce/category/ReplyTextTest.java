package org.caravanmta.bounce.category;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.smtp.EnhancedStatusCode;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "550 5.1.1 User unknown | 550 | 5.1.1 | User unknown",
            "550-5.1.1 No such 550-5.1.1 user 550 5.1.1 here | 550 | 5.1.1 | No such user here",
            "550-User 550 unknown | 550 | | User 550 unknown", "550-User 550-unknown | 550 | | User unknown",
            "smtp;421 4.7.0 busy | 421 | 4.7.0 | busy", "5.1.1 (bad mailbox) | 0 | 5.1.1 | (bad mailbox)",
            "550 | 550 | | ''", "no such user | 0 | | no such user", "5500 users | 0 | | 5500 users",
            "550 sorry  (#5.1.1) | 550 | 5.1.1 | sorry (#5.1.1)", "550 [4.2.2] full | 550 | | [4.2.2] full",
            "550 #5.1.0 Address rejected | 550 | 5.1.0 | #5.1.0 Address rejected",
            "550 2.1.5 odd | 550 | | 2.1.5 odd",
            "550 from 192.5.1.1 or v5.1.1 or 5.1.1.2 | 550 | | from 192.5.1.1 or v5.1.1 or 5.1.1.2" })
    void aLineIsTakenApart(String line, int code, String status, String text) {
        ReplyText t = ReplyText.parse(line);
        assertThat(t.code()).isEqualTo(code);
        assertThat(t.status() == null ? null : t.status().toString()).isEqualTo(status);
        assertThat(t.text()).isEqualTo(text);
    }

    @Test
    void linesOfAReplyAreJoinedAndBlanksCollapsed() {
        ReplyText t = ReplyText.of(Reply.of(550, "5.1.1", "The \t mailbox\n\u2018x\u2019 \u2013  is\u00a0full "));

        assertThat(t.text()).isEqualTo("The mailbox 'x' - is full");
        assertThat(t.status()).isEqualTo(new EnhancedStatusCode(5, 1, 1));
        assertThat(t.line()).isEqualTo("550 5.1.1 The mailbox 'x' - is full");
    }

    @Test
    void onlyTheBeginningOfALongReplyCounts() {
        String long1 = "x".repeat(1 << 20);
        assertThat(ReplyText.parse("550 " + long1).text()).hasSizeLessThanOrEqualTo(ReplyText.LONGEST);
        assertThat(ReplyText.of(Reply.of(550, null, long1)).text()).hasSize(ReplyText.LONGEST);
    }
}
