package org.caravanmta.message.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class FieldTextTest {

    private static String of(String value) {
        byte[] a = ("Name:" + value + "next").getBytes(StandardCharsets.UTF_8);
        return FieldText.of(a, 5, a.length - 4);
    }

    @Test
    void valueIsTrimmedAndUnfolded() {
        assertThat(of(" a\r\n")).isEqualTo("a");
        assertThat(of("a b \t\r\n")).isEqualTo("a b");
        assertThat(of("\r\n\ta\r\n  b\r\n")).isEqualTo("a  b");
        assertThat(of(" a\tb\r\n")).isEqualTo("a b");
        assertThat(of(" b\u00fccher\r\n")).isEqualTo("b\u00fccher");
        assertThat(of(" cut off")).isEqualTo("cut off");
    }

    @Test
    void emptyValueIsNull() {
        assertThat(of("")).isNull();
        assertThat(of(" \r\n")).isNull();
        assertThat(of("\r\n \r\n\t\r\n")).isNull();
    }

    @Test
    void longValueIsCut() {
        assertThat(of("x".repeat(300) + "\r\n")).isEqualTo("x".repeat(255));
    }

    @Test
    void controlsAreNoticed() {
        for (String s : new String[] { "a\0b", "a\u001bb", "a\u007fb", "a\rb", "a\u0085b", "a\u2028b" })
            assertThat(FieldText.hasControl(of(s))).isTrue();
        assertThat(FieldText.hasControl("a b\u00e9 \u4f60~")).isFalse();
    }
}
