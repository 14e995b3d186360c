package org.caravanmta.config;

import java.util.List;
import java.util.Set;

import org.caravanmta.config.VirtualMtaPool.Member;
import org.caravanmta.config.VirtualMtaPool.Sticky;
import org.caravanmta.config.dkim.SigningKeyReader;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.WholeNumber;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Key;
import org.caravanmta.config.yaml.ListOf;
import org.caravanmta.config.yaml.One;
import org.caravanmta.config.yaml.Vocabulary;

/** The directives of one {@code virtual-mta-pool}. */
final class PoolKeys {

    static final Key<List<Member>> VIRTUAL_MTA = Key.of("virtual-mta",
            new ListOf<>(new MemberGrammar(), Member::virtualMta, 1, 10_000));
    static final Key<Sticky> STICKY = Key.of("sticky", new One<>(new StickyGrammar()));

    static final Vocabulary VOCABULARY = new Vocabulary("a virtual-mta-pool block", List.of(VIRTUAL_MTA, STICKY,
            SigningKeyReader.DOMAIN_KEY, VirtualMtaKeys.MAX_SMTP_OUT, VirtualMtaKeys.MAX_SMTP_MSG_RATE,
            VirtualMtaKeys.MAX_SMTP_DATA_VOLUME_RATE),
            Set.of(Block.INCLUDE, "domain"), OtherDirectives.notIn("virtual-mta-pool"));

    private PoolKeys() {
    }

    /** {@code NAME} or {@code NAME WEIGHT}. */
    private record MemberGrammar() implements Grammar<Member> {

        private static final WholeNumber WEIGHT = new WholeNumber(1, 1_000);

        @Override
        public String expected() {
            return "NAME or NAME WEIGHT, such as mta1 or mta1 3";
        }

        @Override
        public Member parse(String text) throws Misunderstood {
            String[] words = text.split("\\s+");
            if (text.isEmpty() || words.length > 2)
                throw misunderstood("the name of a virtual-mta, and a weight from 1 to 1000 behind it if wanted");
            try {
                return new Member(words[0], words.length == 1 ? 1 : WEIGHT.parse(words[1]));
            } catch (Misunderstood _) {
                throw misunderstood("a weight is a number from 1 to 1000");
            }
        }
    }

    /** {@code rcpt-to} or {@code header NAME}. */
    private record StickyGrammar() implements Grammar<Sticky> {

        @Override
        public String expected() {
            return "rcpt-to or header NAME";
        }

        @Override
        public Sticky parse(String text) throws Misunderstood {
            String[] words = text.split("\\s+");
            if (words[0].equals("rcpt-to") && words.length == 1)
                return new Sticky(null);
            if (words[0].equals("header") && words.length == 2 && HeaderName.is(words[1]))
                return new Sticky(words[1]);
            throw misunderstood("such as header X-Customer");
        }
    }
}
