package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.caravanmta.config.bounce.CategoryPattern;
import org.caravanmta.config.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BounceCategoryPatternsTest {

    private static ConfigReader.Result read(String text) {
        return ConfigReader.readText("c.yaml", "smtp-listener: 127.0.0.1:0\n" + text, () -> "gw.example.com");
    }

    private static List<String> problems(String text) {
        return read(text).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void linesAreKeptInOrderWithTheirPlace() {
        List<CategoryPattern> list = read("""
                bounce-category-patterns:
                  - /user\\/unknown/ invalid-mailbox
                  - "/spam/   spam-related"
                """).config().bounceCategoryPatterns();

        assertThat(list).extracting(CategoryPattern::category).containsExactly("invalid-mailbox", "spam-related");
        assertThat(list).extracting(p -> p.place().toString()).containsExactly("c.yaml:3", "c.yaml:4");
        assertThat(list.getFirst().pattern().matcher("the USER/unknown").find()).isTrue();
    }

    @Test
    void aSingleLineNeedsNoList() {
        assertThat(read("bounce-category-patterns: /spam/ spam-related").config().bounceCategoryPatterns()).hasSize(1);
        assertThat(read("").config().bounceCategoryPatterns()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsToldWithItsPlace() {
        assertThat(problems("""
                bounce-category-patterns:
                  - /(a)\\1/ x
                  - /open x
                  - spam spam-related
                  - /a/
                  - /a/ Not Good
                  - "/a/": x
                """)).satisfiesExactly(p -> assertThat(p).startsWith("c.yaml:3:5: ").contains("no reference back"),
                p -> assertThat(p).startsWith("c.yaml:4:5: ").contains("closing slash"),
                p -> assertThat(p).startsWith("c.yaml:5:5: ").contains("between slashes"),
                p -> assertThat(p).startsWith("c.yaml:6:5: ").contains("a category such as bad-mailbox"),
                p -> assertThat(p).startsWith("c.yaml:7:5: ").contains("lower-case letters"),
                p -> assertThat(p).startsWith("c.yaml:8:5: ").contains("one line of text"));
    }

    @Test
    void aNameNearAKnownOneIsAWarning() {
        ConfigReader.Result r = read("bounce-category-patterns: [ /a/ ploicy-related, /b/ my-own-name ]");

        assertThat(r.good()).isTrue();
        assertThat(r.warnings()).anySatisfy(w -> assertThat(w.hint()).contains("did you mean policy-related?"));
        assertThat(r.warnings()).noneSatisfy(w -> assertThat(w.found()).contains("my-own-name"));
    }

    @Test
    void linesOfAFileComeBeforeThoseOfTheFilesThatItIncludes(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("more.yaml"), "bounce-category-patterns: /a/ second\n");
        Files.writeString(folder.resolve("c.yaml"), """
                include: more.yaml
                smtp-listener: 127.0.0.1:0
                bounce-category-patterns: /a/ first
                """);

        assertThat(ConfigReader.read(folder.resolve("c.yaml"), () -> "gw.example.com").config()
                .bounceCategoryPatterns()).extracting(CategoryPattern::category).containsExactly("first", "second");
    }
}
