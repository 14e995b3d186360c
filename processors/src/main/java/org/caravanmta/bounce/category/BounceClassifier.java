package org.caravanmta.bounce.category;

import java.util.List;
import java.util.function.Supplier;

import org.caravanmta.bounce.FailureStatus;
import org.caravanmta.config.bounce.BounceRule;
import org.caravanmta.config.bounce.Category;
import org.caravanmta.config.bounce.CategoryPattern;
import org.caravanmta.config.bounce.Hint;
import org.caravanmta.message.Outcome;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Stage;

/**
 * Gives failures their category: the operator's expressions first, then our own rules, of which the last ones look at
 * codes alone. Takes time in proportion to the reply, of which {@value ReplyText#LONGEST} characters count. Any thread.
 */
public final class BounceClassifier {

    private static final Verdict NOTHING = new Verdict(Category.OTHER, Hint.FIX, null, null, "no rule fits");

    private final RuleBase base;
    private final Supplier<List<CategoryPattern>> configured;
    private volatile Own own;

    /** Expressions as they were configured last, and made ready. */
    private record Own(List<CategoryPattern> configured, OwnPatterns ready) {
    }

    /** @param configured the operator's expressions; asked each time, so that a reload holds from the next failure on */
    public BounceClassifier(RuleBase base, Supplier<List<CategoryPattern>> configured) {
        this.base = base;
        this.configured = configured;
        own = ready(configured.get());
    }

    /** The category of an outcome; null for a delivery. */
    public String category(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered _ -> null;
            case Outcome.Deferred t -> category(t.failure(), FailureStatus.of(t.failure(), false));
            case Outcome.Bounced b -> category(b.failure(), FailureStatus.of(b.failure(), true));
            case Outcome.Expired _ -> Category.EXPIRED;
            case Outcome.Deleted _ -> Category.OTHER;
        };
    }

    private String category(Failure failure, String status) {
        if (failure.reply() != null)
            return classify(ReplyText.of(failure.reply()), failure.stage(), status).category();
        CategoryPattern hit = own().first(failure.detail() == null ? "" : failure.detail(), status);
        return hit != null ? hit.category() : withoutReply(failure);
    }

    /** What no peer said. */
    private static String withoutReply(Failure failure) {
        return switch (failure.cause()) {
            case NO_CONNECTION -> "no-answer-from-host";
            case CONNECTION_LOST -> "bad-connection";
            case PROTOCOL, EXTENSION_MISSING, TLS_BROKEN, TLS_MISSING -> "protocol-errors";
            case NO_SUCH_DOMAIN, NULL_MX -> "bad-domain";
            case NO_MAIL_HOST, DNS_TEMPORARY -> "routing-errors";
            case SOURCE_ADDRESS_MISSING, LOGIN_IMPOSSIBLE -> "bad-configuration";
            case REPLY -> Category.OTHER;
        };
    }

    /**
     * @param stage  null when it is not known
     * @param status code and words as in {@code dsnStatus}, for the operator's expressions; null for none
     */
    public Verdict classify(ReplyText reply, Stage stage, String status) {
        CategoryPattern p = own().first(reply.line(), status);
        if (p != null)
            return new Verdict(p.category(), null, "/" + p.pattern().pattern() + "/", p.place().toString(),
                    "your bounce-category-patterns");
        RuleBase.Hit hit = base.first(reply, stage);
        return hit == null ? NOTHING : verdict(hit.rule(), hit.phrase(), reply);
    }

    private static Verdict verdict(BounceRule rule, String phrase, ReplyText reply) {
        return new Verdict(rule.category(), hint(rule, reply), rule.name(), rule.place().toString(),
                phrase != null ? "it says \"" + phrase + "\""
                        : !rule.when().statuses().isEmpty() ? "status " + reply.status() : "code " + reply.code());
    }

    /** A 4xx reply is no reason to give an address up, whatever it says. */
    private static Hint hint(BounceRule rule, ReplyText reply) {
        boolean temporary = reply.code() / 100 == 4 || reply.code() == 0 && reply.status() != null
                && reply.status().classCode() == 4;
        return temporary && rule.hint() == Hint.SUPPRESS ? Hint.RETRY : rule.hint();
    }

    private OwnPatterns own() {
        Own known = own;
        List<CategoryPattern> now = configured.get();
        if (known.configured() != now) {
            known = ready(now);
            own = known;
        }
        return known.ready();
    }

    private static Own ready(List<CategoryPattern> patterns) {
        return new Own(patterns, new OwnPatterns(patterns));
    }
}
