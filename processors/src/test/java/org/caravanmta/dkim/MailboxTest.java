package org.caravanmta.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "a@example.com|a@example.com",
            "Joe <joe@Example.COM>|joe@example.com",
            "\"evil@bad.example\" <joe@example.com>|joe@example.com",
            "\"<evil@bad.example>, x\" <joe@example.com>|joe@example.com",
            "\"a\\\"b <x@bad.example>\" <joe@example.com>|joe@example.com",
            "Joe (me <x@bad.example> (nested)) <joe@example.com>|joe@example.com",
            "joe@example.com (Joe, of x@bad.example)|joe@example.com",
            "Friends: a@example.com, b@example.net;|a@example.com",
            "first@example.com, Second <second@example.net>|first@example.com",
            "Nobody, joe@example.com|joe@example.com",
            "<@relay.example,@two.example:joe@example.com>|joe@example.com",
            "joe@b\u00fccher.example|joe@xn--bcher-kva.example",
            "\"j d\"@example.com|\"j=20d\"@example.com",
            "a;b@example.com, c@example.com|b@example.com",
            "=?utf-8?q?J=C3=B6?= <j=x@example.com>|j=3Dx@example.com",
            "<joe@example.com.>|joe@example.com" })
    void theFirstAddress(String field, String expected) {
        assertThat(Mailbox.first(field)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "joe", "Joe <>", "@example.com", "joe@[192.0.2.1]", "joe@a b.example", "undisclosed:;",
            "joe@example.com; b=x@ ", "(joe@example.com" })
    void thereIsNone(String field) {
        Mailbox found = Mailbox.first(field);
        assertThat(found == null || found.domain().matches("[a-z0-9.-]+")).isTrue();
        if (!field.contains(";"))
            assertThat(found).isNull();
    }

    @Test
    void noFieldNoAddress() {
        assertThat(Mailbox.first(null)).isNull();
    }
}
