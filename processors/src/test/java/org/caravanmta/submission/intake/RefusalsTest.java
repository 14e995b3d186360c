package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private static List<String> all() throws IllegalAccessException {
        List<String> replies = new ArrayList<>();
        for (Field f : Refusals.class.getDeclaredFields())
            if (f.getType() == Reply.class)
                replies.add(f.get(null).toString());
        return replies;
    }

    /** RFC 2034: an enhanced code of the same class. */
    @Test
    void refusalsAreWellFormed() throws Exception {
        assertThat(all()).hasSizeGreaterThan(10)
                .allSatisfy(r -> assertThat(r).matches("([45])\\d\\d \\1\\.\\d\\.\\d [ -~]+"));
    }

    @Test
    void operatorsCanLookUpEveryRefusal() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "operate", "smtp-in.md"));
        assertThat(all()).allSatisfy(r -> assertThat(page).contains("`" + r + "`"));
    }
}
