package org.caravanmta.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.caravanmta.operate.Order.Kind;
import org.caravanmta.steering.MessageSelection;
import org.caravanmta.steering.QueuePattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderBookTest {

    @TempDir
    Path home;

    private OrderBook book() {
        return new OrderBook(home.resolve("orders"));
    }

    private static Order order(long number, String text) {
        return new Order(number, Kind.MOVE,
                new MessageSelection(QueuePattern.parse("[*.]a.com/*"), text, text, text, text, 3600), text);
    }

    @Test
    void comesBackByNumber() throws Exception {
        assertThat(book().read()).isEmpty();
        Order second = new Order(20, Kind.DELETE, MessageSelection.of(QueuePattern.EVERY), null);
        Order first = order(9, "x");
        book().write(second);
        book().write(first);
        assertThat(book().read()).containsExactly(first, second);
        book().write(second.released());
        assertThat(book().read()).containsExactly(first, second.released());
        book().remove(first);
        book().remove(first);
        assertThat(book().read()).containsExactly(second.released());
    }

    @ParameterizedTest
    @ValueSource(strings = { "a=b", "a\nkind=DELETE", "a\r\nqueues=*/*", "#a", "!a", " a ", "a\\", "a\\u0041", "\tü",
            "名前@例え.test", "\uD83D\uDE00", "\0", "a:b", "", "a\u2028b" })
    void hostileValuesComeBackAsTheyWere(String text) throws Exception {
        book().write(order(1, text));
        assertThat(book().read()).containsExactly(order(1, text));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "kind=MOVE", "kind=SHRED\nqueues=*/*\nolder-than-ms=0", "queues=*/*\nolder-than-ms=0",
            "kind=MOVE\nqueues=*/*\nolder-than-ms=0", "kind=DELETE\nqueues=a.com/\nolder-than-ms=0",
            "kind=DELETE\nqueues=*/*\nolder-than-ms=soon", "kind=DELETE\nqueues=\\uZZZZ\nolder-than-ms=0" })
    void aTornOrderIsNotCarriedOutAndTheOthersAre(String text) throws Exception {
        Order good = order(2, "x");
        book().write(good);
        Path torn = Files.writeString(home.resolve("orders/000000000000000001.order"), text);
        assertThat(book().read()).isEqualTo(List.of(good));
        assertThat(torn).hasContent(text);
    }

    @Test
    void whatIsNoOrderIsLeftAlone() throws Exception {
        book().write(order(2, "x"));
        Files.writeString(home.resolve("orders/3.order.new"), "kind=DELETE\nqueues=*/*\nolder-than-ms=0\n");
        Files.writeString(home.resolve("orders/name.order"), "kind=DELETE\nqueues=*/*\nolder-than-ms=0\n");
        Files.write(home.resolve("orders/4.order"), new byte[] { (byte) 0xC3, (byte) 0x28 });
        Files.createDirectory(home.resolve("orders/5.order"));
        assertThat(book().read()).containsExactly(order(2, "x"));
    }
}
