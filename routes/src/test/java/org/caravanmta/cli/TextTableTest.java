package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columnsAreAsWideAsWhatIsInThem() {
        assertThat(new TextTable().row("queue", "#rcpt", "st").row("example.com/mta1", "7", "").row("", "", "paused"))
                .hasToString("""
                        queue             #rcpt  st
                        example.com/mta1  7
                                                 paused""");
    }

    @Test
    void nothingMakesAnEmptyText() {
        assertThat(new TextTable()).hasToString("");
        assertThat(new TextTable().row("", "")).hasToString("");
    }

    @Test
    void aLongCellDoesNotWidenTheColumn() {
        String longest = "x".repeat(100);
        assertThat(new TextTable().row(longest, "a").row("y", "b"))
                .hasToString(longest + "  a\ny" + " ".repeat(61) + "b");
    }

    /** Replies of strangers stand in it. */
    @Test
    void whatIsInACellNeitherBreaksTheLineNorSteersTheTerminal() {
        assertThat(new TextTable().row("a\nb\r\tc", "\u001b[2Jd\u009b1m", "\u202ee\u0000\u007f", "ü"))
                .hasToString("a?b??c  ?[2Jd?1m  ?e??  ü");
    }
}
