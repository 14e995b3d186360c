package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobsTest {

    private static ConfigReader.Result read(String yaml) {
        return ConfigReader.readText("caravan.yaml", yaml, () -> "gw.example.com");
    }

    @Test
    void theMostSpecificPatternSaysItAll() {
        Jobs jobs = read("""
                job:
                  "*": { max-smtp-out: 1 }
                  "news-*": { max-smtp-out: 2, max-smtp-msg-rate: 100/h }
                  "news-2026-*": { max-smtp-out: 3 }
                  news-2026-11: { max-smtp-data-volume-rate: 5M/min }
                """).config().jobs();

        assertThat(jobs.limits("x").maxSmtpOut()).isEqualTo(1);
        assertThat(jobs.limits("news-").maxSmtpOut()).isEqualTo(2);
        assertThat(jobs.limits("news-2026-10").maxSmtpOut()).isEqualTo(3);
        assertThat(jobs.limits("news-2026-10").maxSmtpMsgRate().unlimited()).isTrue();
        assertThat(jobs.limits("news-2026-11").maxSmtpOut()).isZero();
        assertThat(jobs.limited("news-2026-11")).isTrue();
    }

    @Test
    void withoutPatternsNothingIsLimited() {
        assertThat(read("host-name: gw.example.com").config().jobs().limited("news")).isFalse();
    }

    @Test
    void aStarStandsAtTheEnd() {
        assertThat(read("job: { '*-news': { max-smtp-out: 1 } }").problems()).singleElement()
                .satisfies(p -> {
                    assertThat(p.line()).isEqualTo(1);
                    assertThat(p.hint()).contains("news-*");
                });
        assertThat(read("job: { a: { max-smtp-out: 1 }, a: { max-smtp-out: 2 } }").problems()).isNotEmpty();
    }
}
