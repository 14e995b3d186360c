package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginsTest {

    private static List<String> said(List<Origins.Value> values) {
        return values.stream().filter(v -> v.layer() != Origins.Layer.DEFAULT)
                .map(v -> v.directive() + "=" + v.value() + " " + v.layer() + " " + v.pattern() + " "
                        + v.place().file().replaceFirst(".*/", "") + ":" + v.place().line())
                .toList();
    }

    @Test
    void eachValueKnowsItsFileLineAndLayer(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("more.yaml"), """
                domain:
                  "*":
                    max-smtp-out: 2
                    max-msg-rate: 100/15m
                """);
        Path main = Files.writeString(dir.resolve("main.yaml"), """
                include: more.yaml
                domain-macro: { a: [ a.example ] }
                domain:
                  $a: { bounce-after: 36h, ignore-chunking: yes, max-msg-rate: 250/hr }
                  "*":
                    max-smtp-out: 3
                virtual-mta:
                  v:
                    smtp-source-host: [ 192.0.2.1 v.example,
                                        192.0.2.2 w.example ]
                    domain:
                      "[*.]example":
                        retry-after: [ 90s, 1h ]
                        smtp-hosts: [ [ a.example, "[::1]:26" ], "lookup-mx:b.example" ]
                """);
        Origins origins = ConfigReader.read(main, () -> "gw.example.com").origins();

        assertThat(said(origins.queue("v", "A.Example"))).containsExactlyInAnyOrder(
                "smtp-hosts=a.example, [IPv6:0:0:0:0:0:0:0:1]:26; lookup-mx:b.example virtual-mta [*.]example main.yaml:14",
                "max-smtp-out=3 global * main.yaml:6", "max-msg-rate=250/h global a.example main.yaml:4",
                "retry-after=1m30s, 1h virtual-mta [*.]example main.yaml:13",
                "bounce-after=1d12h global a.example main.yaml:4",
                "ignore-chunking=yes global a.example main.yaml:4");
        assertThat(said(origins.queue("{default}", "b.example"))).containsExactlyInAnyOrder(
                "max-smtp-out=3 global * main.yaml:6", "max-msg-rate=100/15m global * more.yaml:4");
        assertThat(said(origins.virtualMta("v"))).containsExactly(
                "smtp-source-host=192.0.2.1 v.example, 192.0.2.2 w.example virtual-mta null main.yaml:9");
        assertThat(said(origins.virtualMta("{default}"))).isEmpty();
        assertThat(origins.queue("v", "x")).hasSize(DomainKeys.VOCABULARY.keys().size())
                .contains(new Origins.Value("retry-after", "10m", Origins.Layer.DEFAULT, null, null));
    }
}
