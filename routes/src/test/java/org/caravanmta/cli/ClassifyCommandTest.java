package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import picocli.CommandLine;

class ClassifyCommandTest {

    private static final String REPLIES = """
            550 5.1.1 <a@example.net>: Recipient address rejected: User unknown

            smtp;552 5.2.2 mailbox full
            550 5.1.1 no such user
            421 %s
            """.formatted("x".repeat(1 << 20));

    @TempDir
    Path folder;
    private Path config;

    @BeforeEach
    void configuration() throws Exception {
        config = Files.writeString(folder.resolve("caravan.yaml"), """
                host-name: gw.example.com
                smtp-listener: [ "127.0.0.1:2525" ]
                source: { 127.0.0.0/8: { always-allow-relaying: yes } }
                acct-file: { path: acct.csv }
                bounce-category-patterns:
                  - /no such user/ my-own
                """);
    }

    private String run(String in, String... arguments) {
        InputStream stdin = System.in;
        PrintStream stdout = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("--config", config.toString()));
        all.addAll(List.of(arguments));
        try {
            System.setIn(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            assertThat(new CommandLine(new ClassifyCommand()).execute(all.toArray(String[]::new))).isZero();
        } finally {
            System.setIn(stdin);
            System.setOut(stdout);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aReplyGetsItsCategoryWithRuleAndReason() {
        assertThat(run("", "550 5.1.1 <a@example.net>: Recipient address rejected: User unknown")).contains(
                "category  bad-mailbox", "hint      suppress", "(bounce-rules/", "because   it says \"");
        assertThat(run("", "550", "5.1.1", "no", "such", "user")).contains("category  my-own",
                "/no such user/ (" + config + ":6)", "your bounce-category-patterns");
    }

    @Test
    void theStageMayDecide() {
        assertThat(run("", "--stage", "DATA_END", "550 zzz")).contains("policy-related");
        assertThat(run("", "--stage", "RCPT", "550 zzz")).contains("bad-mailbox");
    }

    @Test
    void aFileBecomesATable() {
        assertThat(run(REPLIES).lines()).satisfiesExactlyInAnyOrder(
                l -> assertThat(l).matches("category +replies +share"),
                l -> assertThat(l).matches("bad-mailbox +1 +25.0 %"), l -> assertThat(l).matches("my-own +1 +25.0 %"),
                l -> assertThat(l).matches("quota-issues +1 +25.0 %"),
                l -> assertThat(l).matches("bad-connection +1 +25.0 %"), l -> assertThat(l).matches("all +4"));
    }

    @Test
    void linesShowEachReply() {
        assertThat(run("552 5.2.2 mailbox\u001b[2J full\n", "--lines").lines().findFirst().orElseThrow())
                .startsWith("quota-issues\tretry\t").endsWith("\t552 5.2.2 mailbox [2J full");
    }

    @Test
    void jsonForPrograms() throws Exception {
        JsonNode one = new ObjectMapper().readTree(run("", "--json", "552 5.2.2 mailbox full"));
        assertThat(one.get("category").asText()).isEqualTo("quota-issues");
        assertThat(one.get("hint").asText()).isEqualTo("retry");
        assertThat(one.get("place").asText()).startsWith("bounce-rules/");
        JsonNode all = new ObjectMapper().readTree(run(REPLIES, "--json"));
        assertThat(all.get("replies").asInt()).isEqualTo(4);
        assertThat(all.get("categories").get("my-own").asInt()).isEqualTo(1);
    }
}
