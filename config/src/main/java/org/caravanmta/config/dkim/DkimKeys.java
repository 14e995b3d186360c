package org.caravanmta.config.dkim;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.caravanmta.config.dkim.DkimSettings.Algorithm;
import org.caravanmta.config.dkim.DkimSettings.Canonicalization;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SignedHeaders.Item;
import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Never;
import org.caravanmta.config.value.YesNo;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Settings;

/** The directives of a {@code domain} block about signing. */
public final class DkimKeys {

    static final Key<Sign> DKIM_SIGN = Key.of("dkim-sign", new One<>(new Choices.SignForm()), "no");
    static final Key<Boolean> SECOND_DKIM_SIGN = Key.of("second-dkim-sign", new One<>(new YesNo()), "no");

    private static final SignatureKeys FIRST = new SignatureKeys("");
    private static final SignatureKeys SECOND = new SignatureKeys("second-");

    /** Every one. */
    public static final List<Key<?>> ALL = Stream.of(Stream.of(DKIM_SIGN), FIRST.all(), Stream.of(SECOND_DKIM_SIGN),
            SECOND.all()).<Key<?>>flatMap(s -> s).toList();

    private DkimKeys() {
    }

    /** Whether a block says that mail is to be signed. */
    public static boolean signs(Settings s) {
        return s.says(DKIM_SIGN) && s.get(DKIM_SIGN) != Sign.NO;
    }

    /** Every value, said or default. */
    public static DkimSettings effective(Settings s) {
        Sign sign = s.get(DKIM_SIGN);
        return sign == Sign.NO ? DkimSettings.OFF
                : new DkimSettings(sign, FIRST.effective(s), s.get(SECOND_DKIM_SIGN) ? SECOND.effective(s) : null);
    }

    /** Those of one signature. */
    private static final class SignatureKeys {

        private static final String NO_MORE = "From,To,Subject,Date,Reply-To,MIME-Version,Content-Type,"
                + "Content-Transfer-Encoding";

        final Key<SigningIdentity> identity;
        final Key<SigningIdentity> fallback;
        final Key<Algorithm> algorithm;
        final Key<Canonicalization> headersCanon;
        final Key<Canonicalization> bodyCanon;
        final Key<List<Item>> headers;
        final Key<List<String>> noMore;
        final Key<Boolean> timestamp;
        final Key<Duration> expireAfter;
        final Key<Boolean> bodyLimit;

        SignatureKeys(String prefix) {
            String dkim = prefix + "dkim-";
            identity = Key.of(dkim + "identity", new One<>(new SigningIdentity.Form()), "sender-or-from");
            fallback = Key.of(dkim + "identity-fallback", new One<>(new SigningIdentity.Form()));
            algorithm = Key.of(dkim + "algorithm", new One<>(new Choices.AlgorithmForm()), "rsa-sha256");
            headersCanon = Key.of(dkim + "headers-canon", new One<>(new Choices.CanonForm()), "relaxed");
            bodyCanon = Key.of(dkim + "body-canon", new One<>(new Choices.CanonForm()), "relaxed");
            headers = Key.of(dkim + "headers", new ListOf<>(new SignedHeaders.Form(), Item::toString, 0, 200), "");
            noMore = Key.of(dkim + "disallow-adding-headers",
                    new ListOf<>(new SignedHeaders.NameForm(), n -> n, 0, 200), NO_MORE);
            timestamp = Key.of(dkim + "add-timestamp", new One<>(new YesNo()), "yes");
            expireAfter = Key.of(dkim + "expire-after",
                    new One<>(new Interval(Duration.ZERO, Duration.ofDays(3650))), "0");
            bodyLimit = Key.of(dkim + "add-body-limit", new One<>(
                    new Never("behind the signed part of a body (l=) anybody may add text: take the line away")), "no");
        }

        Stream<Key<?>> all() {
            return Stream.of(identity, fallback, algorithm, headersCanon, bodyCanon, headers, noMore, timestamp,
                    expireAfter, bodyLimit);
        }

        Signature effective(Settings s) {
            return new Signature(s.get(identity), s.get(fallback), SignedHeaders.of(s.get(headers)), s.get(noMore),
                    s.get(algorithm), s.get(headersCanon), s.get(bodyCanon), s.get(timestamp), s.get(expireAfter));
        }
    }
}
