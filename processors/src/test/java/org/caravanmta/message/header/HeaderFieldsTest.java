package org.caravanmta.message.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class HeaderFieldsTest {

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> fields(String header) {
        byte[] a = bytes("xx" + header + "behind: x\r\n");
        HeaderFields f = new HeaderFields(a, 2, 2 + header.length());
        List<String> fields = new ArrayList<>();
        while (f.next())
            fields.add(new String(a, f.start(), f.end() - f.start(), StandardCharsets.ISO_8859_1));
        return fields;
    }

    @Test
    void fieldsAreFoundWithTheirContinuations() {
        assertThat(fields("")).isEmpty();
        assertThat(fields("A: 1\r\n")).containsExactly("A: 1\r\n");
        assertThat(fields("A: 1\r\n 2\r\n\t3\r\nB:\r\n\r\nC: 4\r\n".replace("\r\n\r\n", "\r\n")))
                .containsExactly("A: 1\r\n 2\r\n\t3\r\n", "B:\r\n", "C: 4\r\n");
        assertThat(fields("A: cut off")).containsExactly("A: cut off");
    }

    @Test
    void namesHaveNoCase() {
        HeaderFields f = new HeaderFields(bytes("X-Virtual-mta : mta2\r\n"), 0, 22);
        assertThat(f.next()).isTrue();
        assertThat(f.named("x-virtual-MTA")).isTrue();
        assertThat(f.named("X-Virtual-MT")).isFalse();
        assertThat(f.named("X-Virtual-MTA2")).isFalse();
        assertThat(f.valueStart()).isEqualTo(15);
    }

    @Test
    void onlyLettersHaveTwoCases() {
        HeaderFields f = new HeaderFields(bytes("A[B: x\r\n"), 0, 8);
        assertThat(f.next()).isTrue();
        assertThat(f.named("a[b")).isTrue();
        assertThat(f.named("a{b")).isFalse();
    }

    @Test
    void nameEndsBeforeTheColon() {
        assertThat(nameEnd("Subject: x")).isEqualTo(7);
        assertThat(nameEnd("Subject \t: x")).isEqualTo(7);
        assertThat(nameEnd("A:")).isEqualTo(1);
        for (String none : new String[] { "", ":", " A: x", "A", "A b: x", "A\r\n: x", "\u00e9: x", "A\0: x",
                "A\u007f: x" })
            assertThat(nameEnd(none)).as(none).isEqualTo(-1);
    }

    private static int nameEnd(String line) {
        return HeaderFields.nameEnd(bytes(line), 0, line.length());
    }
}
