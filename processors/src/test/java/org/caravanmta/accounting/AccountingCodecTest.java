package org.caravanmta.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccountingCodecTest {

    static Stream<String> texts() {
        return Stream.of(null, "", " ", "user@example.com", "\"a b\"@example.com", "jörg@bücher.example", "用户@例子.测试",
                "😀 text", "a\0b", "\r\n.\r\n", "\t\u0001\u001b\u007f\u0085\u2028", "x".repeat(1_000_000),
                "é".repeat(70_000));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void everyFieldComesBackAsItWas(String text) {
        AccountingRecord record = Records.full(text);
        assertThat(AccountingCodec.decode(AccountingCodec.encode(List.of(record)))).containsExactly(record);
    }

    @Test
    void noFieldTakesThePlaceOfAnother() {
        AccountingRecord record = new AccountingRecord('t', 1, 2, "orig", "rcpt", "orcpt", "action", "status", "diag",
                "mta", "cat", "srcType", "srcMta", "dlvType", "source", "destination", "esmtp", 3, "vmta", "job", "env",
                "queue", "pool");
        assertThat(AccountingCodec.decode(AccountingCodec.encode(List.of(record)))).containsExactly(record);
    }

    @Test
    void emptyAndMissingStayDifferent() {
        List<AccountingRecord> records = List.of(Records.full(""), Records.full(null));
        assertThat(AccountingCodec.decode(AccountingCodec.encode(records))).isEqualTo(records);
    }

    @Test
    void numbersComeBackAtTheirBounds() {
        for (long n : new long[] { Long.MIN_VALUE, -1, 0, Long.MAX_VALUE }) {
            AccountingRecord record = new AccountingRecord('d', n, n, null, null, null, null, null, null, null, null,
                    null, null, null, null, null, null, n, null, null, null, null, null);
            assertThat(AccountingCodec.decode(AccountingCodec.encode(List.of(record)))).containsExactly(record);
        }
    }

    @Test
    void manyRecordsKeepTheirOrder() {
        List<AccountingRecord> records = Stream.iterate(0, i -> i + 1).limit(2500)
                .map(i -> Records.of('d', "user" + i + "@example.net")).toList();
        assertThat(AccountingCodec.decode(AccountingCodec.encode(records))).isEqualTo(records);
        assertThat(AccountingCodec.decode(AccountingCodec.encode(List.of()))).isEmpty();
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() {
        assertThat(AccountingCodec.decode(AccountingCodec.encode(List.of(Records.of('d', "a\ud800b")))).getFirst()
                .rcpt()).isEqualTo("a?b");
    }

    @Test
    void anEventCutAnywhereIsRefused() {
        byte[] event = Records.event('d', "secret@example.net");
        for (int length = 0; length < event.length; length++) {
            byte[] cut = Arrays.copyOf(event, length);
            assertThatThrownBy(() -> AccountingCodec.decode(cut)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void damagedBytesAreRefusedOrReadButNeverAnythingElse() {
        byte[] event = Records.event('d', "user@example.net");
        for (int i = 0; i < event.length; i++)
            for (byte damage : new byte[] { 0, 1, 127, -1, -128 }) {
                byte[] damaged = event.clone();
                damaged[i] = damage;
                assertThat(readable(damaged)).isIn(true, false);
            }
    }

    private static boolean readable(byte[] event) {
        try {
            AccountingCodec.decode(event);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void bytesBehindTheLastRecordAreRefused() {
        byte[] event = Records.event('d', "user@example.net");
        assertThatThrownBy(() -> AccountingCodec.decode(Arrays.copyOf(event, event.length + 1)))
                .hasMessage("found 1 bytes behind its last record");
    }

    @Test
    void anotherVersionIsRefused() {
        assertThatThrownBy(() -> AccountingCodec.decode(new byte[] { 9, 0, 0, 0, 0 }))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("found event version 9, expected 2");
    }
}
