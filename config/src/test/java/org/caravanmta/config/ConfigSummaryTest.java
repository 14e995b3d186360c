package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class ConfigSummaryTest {

    @Test
    void saysWhatWasUnderstood() {
        assertThat(ConfigSummary.of(ConfigReaderTest.read(ConfigReaderTest.EXAMPLE).config()))
                .isEqualToNormalizingNewlines("""
                host name       gw.example.com
                SMTP listeners  127.0.0.1:2525
                sources         127.0.0.0/8: may relay, may choose with x-virtual-mta, default mta1
                VirtualMTAs     mta1: 127.0.1.1 mta1.example.com
                                mta2: 127.0.1.2 mta2.example.com, 127.0.1.3 mta2b.example.com
                                {default}: any address of the machine, gw.example.com
                domains         *: by 127.0.0.2:24600, 20 connections, rate unlimited, bounce after 4d12h
                                slow.example: by 127.0.0.2:24600, 1 connections, rate 60/1m, bounce after 4d12h
                accounting      acct.csv: d b t
                """);
    }

    @Test
    void staysShort() {
        String many = IntStream.range(0, 500)
                .mapToObj(i -> "  v" + i + ": { smtp-source-host: \"192.0.2.1 a.example\" }\n")
                .collect(Collectors.joining("", "virtual-mta:\n", ""));

        assertThat(ConfigSummary.of(ConfigReaderTest.read(many).config())).contains("… and 481 more")
                .hasLineCount(26);
    }
}
