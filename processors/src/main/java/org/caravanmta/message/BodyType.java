package org.caravanmta.message;

/** What a message needs from the next hop (RFC 6152, RFC 6531). */
public enum BodyType {
    SEVEN_BIT, EIGHT_BIT_MIME
}
