package org.caravanmta.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class RepliesTest {

    private static List<String> all() throws IllegalAccessException {
        List<String> replies = new ArrayList<>();
        for (Field f : Replies.class.getDeclaredFields())
            if (f.getType() == byte[].class)
                replies.add(new String((byte[]) f.get(null), StandardCharsets.US_ASCII));
        return replies;
    }

    /** RFC 2034: an enhanced code on every reply but those to EHLO and HELO, the greeting and 354; same class. */
    @Test
    void repliesAreWellFormed() throws Exception {
        assertThat(all()).hasSizeGreaterThan(40).allSatisfy(r -> {
            assertThat(r).matches("([245])\\d\\d \\1\\.\\d\\.\\d [ -~]+\r\n|354 [ -~]+\r\n");
            assertThat(Replies.code(r.getBytes(StandardCharsets.US_ASCII))).hasToString(r.substring(0, 3));
        });
    }

    @Test
    void operatorsCanLookUpEveryReply() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "operate", "smtp-in.md"));
        assertThat(all()).allSatisfy(r -> assertThat(page).contains("`" + r.strip() + "`"));
    }
}
