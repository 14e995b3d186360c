package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class MxHostsTest {

    private static MxHosts of(String... records) {
        return MxHosts.of(Stream.of(records).map(r -> r.split(" "))
                .map(r -> new MxHosts.Mx(r[1], Integer.parseInt(r[0]))).toList());
    }

    @Test
    void theBestHostsMakeTheNameInWhateverOrder() {
        MxHosts one = of("20 backup.a.example", "10 mx.p.example");
        assertThat(one).isEqualTo(new MxHosts(List.of("mx.p.example"), List.of("backup.a.example"),
                "mx.p.example.rollup"));
        assertThat(of("5 mx.p.example").rollup()).isEqualTo(one.rollup());
        String two = of("5 mx2.p.example", "5 mx1.p.example").rollup();
        assertThat(two).matches("mx-[0-9a-f]{8}\\.mx1\\.p\\.example\\.rollup");
        assertThat(of("7 mx1.p.example", "7 mx2.p.example", "9 mx3.p.example").rollup()).isEqualTo(two);
        assertThat(of("7 mx1.p.example", "7 mx3.p.example").rollup()).isNotEqualTo(two);
        assertThat(of("7 mx1.p.example").rollup()).isNotEqualTo(two);
    }

    @Test
    void aHostIsNamedOnce() {
        MxHosts mx = of("10 mx.p.example", "10 mx.p.example", "20 mx.p.example");
        assertThat(mx.lowest()).containsExactly("mx.p.example");
        assertThat(mx.others()).isEmpty();
        assertThat(mx.rollup()).isEqualTo("mx.p.example.rollup");
    }

    @Test
    void strangeNamesMakeNoRollup() {
        for (String strange : List.of("10 localhost", "10 a/b.example", "10 *.example", "10 a\\032b.example",
                "10 " + "a123456789.".repeat(23) + "example"))
            assertThat(of(strange).rollup()).as(strange).isNull();
    }
}
