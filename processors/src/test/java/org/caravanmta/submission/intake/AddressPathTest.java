package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPathTest {

    private static final String LABEL = "a".repeat(63);

    private static AddressPath parse(byte[] a) {
        return AddressPath.parse(a, 0, a.length);
    }

    private static AddressPath parse(String s) {
        return parse(s.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = { "a@example.com", "A.b+c@Example.COM", "!#$%&'*+-/=?^_`{|}~@example.com", "a@localhost",
            "a@x-y.example", "a@1.example", "\"\"@example.com", "\"a b\"@example.com", "\"a@b>\\\"c\\\\\"@example.com",
            "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@[ipv6:::ffff:192.0.2.1]", "postmaster@example.com" })
    void asciiAddressIsTakenAsWritten(String address) {
        assertThat(parse("<" + address + ">"))
                .isEqualTo(new AddressPath(address, address.length() + 2, true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = { "j\u00fcrgen@example.com", "a@b\u00fccher.example", "\u4f60\u597d@\u4f8b\u5b50.example",
            "\"\u00fc \u00fc\"@example.com", "\ud83d\udce7@example.com", "a@\u0939\u093f\u0928\u094d.example" })
    void internationalAddressNeedsSmtpUtf8(String address) {
        AddressPath path = parse("<" + address + ">");
        assertThat(path.address()).isEqualTo(address);
        assertThat(path.ascii()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "'<@one.example:joe@three.example>',joe@three.example",
            "'<@one.example,@two.example:joe@three.example>',joe@three.example",
            "'<@[192.0.2.1]:joe@three.example>',joe@three.example" })
    void sourceRouteIsDropped(String path, String address) {
        assertThat(parse(path)).isEqualTo(new AddressPath(address, path.length(), true, false));
    }

    @Test
    void nullPathHasNoAddress() {
        assertThat(parse("<>")).isEqualTo(new AddressPath(null, 2, true, false));
        assertThat(parse("<> SIZE=1")).isEqualTo(new AddressPath(null, 2, true, false));
    }

    @Test
    void onlyPostmasterNeedsNoDomain() {
        assertThat(parse("<PostMaster>")).isEqualTo(new AddressPath("PostMaster", 12, true, true));
        assertThat(parse("<abuse>")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "<", "a@example.com", "<a@example.com", "a@example.com>", "< a@example.com>",
            "<a@example.com >", "<a b@example.com>", "<a..b@example.com>", "<.a@example.com>", "<a.@example.com>",
            "<a@>", "<@example.com>", "<@>", "<a@b@example.com>", "<a@.example>", "<a@b..example>", "<a@example.>",
            "<a@-b.example>", "<a@b-.example>", "<a@b_c.example>", "<a@b c.example>", "<a@[300.1.1.1]>",
            "<a@[192.0.2.1>", "<a@[]>", "<a@[IPv6:xyz]>", "<a@[IPv6:fe80::1%eth0]>", "<a@[tag:x]>",
            "<a@example.com>x", "<a@example.com>\t", "<a@example.com>>", "<<a@example.com>>", "<\"a@example.com>",
            "<\"a\"b@example.com>", "<\"a\\\"@example.com>", "<a\\b@example.com>", "<a@example.com\0>", "<a\0@b.c>",
            "<\"a\rb\"@example.com>", "<\"a\\\0b\"@example.com>", "<a,b@example.com>", "<@one.example>",
            "<@one.example,joe@three.example>", "<@one.example:>", "<@one.example:@three.example>",
            "<one.example:joe@three.example>", "<:joe@three.example>" })
    void malformedPathIsNone(String path) {
        assertThat(parse(path)).isNull();
    }

    /** Invisible characters, blanks and controls have no business in an address (RFC 6531 wants the visible only). */
    @ParameterizedTest
    @ValueSource(strings = { "<a\u200bb@example.com>", "<a\u00a0b@example.com>", "<a\u0085b@example.com>",
            "<a\u2028b@example.com>", "<a\u202eb@example.com>", "<a@b\u200d.example>", "<a@b\u3002example>",
            "<a@\u2603.example>", "<a@b\uff0ec>" })
    void deceptiveCharactersAreRefused(String path) {
        assertThat(parse(path)).isNull();
    }

    @Test
    void brokenUtf8IsRefused() {
        assertThat(parse("<\u00e9@example.com>".getBytes(StandardCharsets.ISO_8859_1))).isNull();
        assertThat(parse("<a@\u00e9x.example>".getBytes(StandardCharsets.ISO_8859_1))).isNull();
        assertThat(parse(new byte[] { '<', (byte) 0xc0, (byte) 0xae, '@', 'b', '>' })).as("overlong dot").isNull();
        assertThat(parse(new byte[] { '<', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '@', 'b', '>' })).as("surrogate")
                .isNull();
    }

    @Test
    void lengthsAreThoseOfRfc5321() {
        assertThat(parse("<" + "a".repeat(64) + "@example.com>")).isNotNull();
        assertThat(parse("<" + "a".repeat(65) + "@example.com>")).isNull();
        assertThat(parse("<a@" + LABEL + ".example>")).isNotNull();
        assertThat(parse("<a@a" + LABEL + ".example>")).isNull();
        String path = "<a@" + (LABEL + ".").repeat(3) + "a".repeat(60) + ">";
        assertThat(path).hasSize(256);
        assertThat(parse(path)).isNotNull();
        assertThat(parse(path.replace("<a", "<aa"))).isNull();
    }

    @Test
    void pathEndsWhereParametersBegin() {
        assertThat(parse("<a@example.com> SIZE=1").end()).isEqualTo(15);
        assertThat(parse("<a@example.com>  ").end()).isEqualTo(15);
    }
}
