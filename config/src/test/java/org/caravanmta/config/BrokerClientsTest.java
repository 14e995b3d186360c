package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;

import org.caravanmta.config.BrokerListener.Protocol;
import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may connect to the broker, and where. */
class BrokerClientsTest {

    private static final String USER = "shop: { password: pass1234, source: shop }";

    private static ConfigReader.Result read(String listener, String user) {
        return ConfigReader.readText("c.yaml", """
                smtp-listener: [ "127.0.0.1:2525" ]
                source: { shop: { always-allow-relaying: yes } }
                broker: { listener: [ "%s" ], user: { %s } }
                """.formatted(listener, user), () -> "gw.test");
    }

    @Test
    void nobodyUnlessSaid() {
        BrokerSettings broker = ConfigReader
                .readText("c.yaml", "smtp-listener: [ \"127.0.0.1:2525\" ]\n", () -> "gw.test").config().broker();
        assertThat(broker.listeners()).isEmpty();
        assertThat(broker.users()).isEmpty();
    }

    @Test
    void listenerAndUser() {
        BrokerSettings broker = read("127.0.0.1:61616 protocols=amqp+stomp", USER).config().broker();
        assertThat(broker.listeners()).singleElement().satisfies(l -> {
            assertThat(l).hasToString("127.0.0.1:61616");
            assertThat(l.protocols()).isEqualTo(EnumSet.of(Protocol.AMQP, Protocol.STOMP));
            assertThat(l.tls()).isFalse();
        });
        assertThat(broker.users().get("shop").password().reveal()).isEqualTo("pass1234");
        assertThat(broker.users().toString()).doesNotContain("pass1234");
        assertThat(read("127.0.0.1:61616", USER).config().broker().listeners().getFirst().protocols())
                .isEqualTo(EnumSet.allOf(Protocol.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            192.0.2.1:61616; shop: { password: x, source: shop }; add tls=yes
            192.0.2.1:61616 tls=yes; shop: { password: x, source: shop }; name the certificate
            127.0.0.1:61616 protocols=mqtt; shop: { password: x, source: shop }; jms, amqp and stomp
            127.0.0.1:61616 tls=yes tls=no; shop: { password: x, source: shop }; both or nothing
            127.0.0.1:61616; ''; nobody could log in
            127.0.0.1:61616; shop: { source: shop }; nobody is let in without one
            127.0.0.1:61616; shop: { password: x, source: no-such }; add source
            127.0.0.1:61616; shop: { password: x }; "{jms}"
            127.0.0.1:61616; a.b: { password: x, source: shop }; letters, digits, _ and -
            127.0.0.1:61616; 'shop: { password: x, source: shop, pass: y }'; password
            """)
    void whatIsWrongIsTold(String listener, String user, String remedy) {
        assertThat(read(listener, user).problems()).anySatisfy(p -> assertThat(p.toString()).contains(remedy));
    }
}
