package org.caravanmta.tls.dane;

/** What the DNS proves about TLS at a mail host. */
public sealed interface DaneAnswer {

    /** Nothing: DANE does not hold there. */
    record NotUsed() implements DaneAnswer {
    }

    /**
     * TLS is demanded, with such a certificate.
     *
     * @param sni the name to ask the host for (RFC 7672 §8.1)
     */
    record Demand(DaneVerifier verifier, String sni) implements DaneAnswer {
    }

    /** Nobody knows, or somebody interferes: the host must not be used. {@code why} is one line. */
    record Trouble(String why) implements DaneAnswer {
    }

    DaneAnswer NOT_USED = new NotUsed();
}
