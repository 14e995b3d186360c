package org.caravanmta.dkim;

import java.security.GeneralSecurityException;

/** Signs with one key. Any thread. */
@FunctionalInterface
interface Signer {

    /** The value of {@code b=} for the canonical header. */
    byte[] sign(byte[] header, int length) throws GeneralSecurityException;
}
