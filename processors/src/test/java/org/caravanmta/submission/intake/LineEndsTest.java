package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEndsTest {

    /** @param pieces {@code N} stands for LF, {@code R} for CR, {@code |} for the end of a piece */
    private static String crlf(String pieces) {
        LineEnds lines = new LineEnds();
        StringBuilder out = new StringBuilder();
        for (String piece : pieces.split("\\|", -1)) {
            byte[] a = piece.replace('N', '\n').replace('R', '\r').getBytes(StandardCharsets.US_ASCII);
            out.append(lines.crlf(a, a.length).toString(StandardCharsets.US_ASCII));
        }
        return out.toString().replace('\n', 'N').replace('\r', 'R');
    }

    @ParameterizedTest
    @CsvSource({ "aNb, aRNb", "aRNb, aRNb", "NN, RNRN", "aR|Nb, aRNb", "a|Nb, aRNb", "aR||Nb, aRNb", "aRRN, aRRN",
            "aR, aR", "aRb|N, aRbRN", "N|N|RN, RNRNRN" })
    void everyLineEndsInCrLfAndLoneCrsStay(String pieces, String expected) {
        assertThat(crlf(pieces)).isEqualTo(expected);
    }
}
