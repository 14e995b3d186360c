package org.caravanmta.config.dkim;

import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.YesNo;

/** Words of which one is chosen. */
final class Choices {

    private Choices() {
    }

    record SignForm() implements Grammar<Sign> {

        @Override
        public String expected() {
            return "yes, no, if-key-present or if-x-dkim-options-present";
        }

        @Override
        public Sign parse(String text) throws Misunderstood {
            return switch (text) {
                case "yes", "true" -> Sign.YES;
                case "no", "false" -> Sign.NO;
                case "if-key-present" -> Sign.IF_KEY_PRESENT;
                case "if-x-dkim-options-present" -> Sign.IF_X_DKIM_OPTIONS_PRESENT;
                default -> throw misunderstood("write one of these");
            };
        }
    }

    record AlgorithmForm() implements Grammar<Algorithm> {

        @Override
        public String expected() {
            return "rsa-sha256 or ed25519-sha256";
        }

        @Override
        public Algorithm parse(String text) throws Misunderstood {
            for (Algorithm a : Algorithm.values())
                if (a.toString().equals(text))
                    return a;
            throw misunderstood(text.equals("rsa-sha1") ? "receivers ignore SHA-1 (RFC 8301): write rsa-sha256"
                    : "write one of these");
        }
    }

    record CanonForm() implements Grammar<Canonicalization> {

        @Override
        public String expected() {
            return "relaxed or simple";
        }

        @Override
        public Canonicalization parse(String text) throws Misunderstood {
            return switch (text) {
                case "relaxed" -> Canonicalization.RELAXED;
                case "simple" -> Canonicalization.SIMPLE;
                default -> throw misunderstood("write one of these");
            };
        }
    }
}
