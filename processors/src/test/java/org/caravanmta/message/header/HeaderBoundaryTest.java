package org.caravanmta.message.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderBoundaryTest {

    /** {@code |} stands for CR LF, {@code ^} where the header ends. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = ';',
            value = { "Subject: x|^|body|", "A: 1|B: 2|^|", "A: 1| folded|\tmore|^|x|",
                    "A : 1|^|", "^|A: in the body|", "^text|A: b|", "^ indented|A: b|", "A: 1|^text|",
                    "A: 1|^no colon here|",
                    "^: x|", "A:|^|", "A: 1| |^|", "^From a Tue Nov 3|A: b|", "A: 1|^\u00e9: x|", "A-_.1!: x|^|" })
    void headerEndsBeforeTheFirstOtherLine(String picture) {
        String wire = picture.replace("|", "\r\n");
        int end = wire.indexOf('^');
        String text = "room" + wire.replace("^", "");
        byte[] a = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 4; cut <= a.length; cut++) {
            HeaderBoundary boundary = new HeaderBoundary(4);
            boolean found = boundary.advance(a, cut);
            assertThat(boundary.advance(a.clone(), a.length)).isTrue();
            assertThat(boundary.end()).isEqualTo(4 + end);
            assertThat(boundary.advance(a, a.length)).as("stays found").isTrue();
            assertThat(boundary.end()).isEqualTo(4 + end);
            if (found)
                assertThat(cut).isGreaterThan(4 + end);
        }
    }

    @Test
    void messageOfFieldsAloneHasItsEndAtTheLastOne() {
        byte[] a = "A: 1\r\nB: 2\r\n".getBytes(StandardCharsets.US_ASCII);
        HeaderBoundary boundary = new HeaderBoundary(0);
        assertThat(boundary.advance(a, a.length)).isFalse();
        assertThat(boundary.found()).isFalse();
        assertThat(boundary.end()).isEqualTo(a.length);
        assertThat(new HeaderBoundary(0).advance(new byte[0], 0)).isFalse();
    }

    @Test
    void lineIsJudgedWhenItIsWhole() {
        byte[] a = "A: 1\r\nB\r\n".getBytes(StandardCharsets.US_ASCII);
        HeaderBoundary boundary = new HeaderBoundary(0);
        assertThat(boundary.advance(a, 8)).isFalse();
        assertThat(boundary.end()).isEqualTo(6);
        assertThat(boundary.advance(a, 9)).isTrue();
        assertThat(boundary.end()).isEqualTo(6);
    }
}
