package org.caravanmta.submission.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecipientListTest {

    @Test
    void commasAndLineEndsSeparateOutsideOfQuotationMarks() {
        assertThat(RecipientList.of("a@x, <b@x>\n\"c,\\\"d\"@x,,\r\n e@x ")).containsExactly("a@x", "b@x",
                "\"c,\\\"d\"@x", "e@x");
        assertThat(RecipientList.of("")).isEmpty();
        assertThat(RecipientList.of("\"open,a@x")).containsExactly("\"open,a@x");
    }
}
