package org.caravanmta.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.caravanmta.bounce.category.BounceClassifier;
import org.caravanmta.delivery.DecidedAttempt;
import org.caravanmta.message.Outcome;
import org.caravanmta.smtp.Failure;

/** Body: {@link DecidedAttempt} → {@link ClassifiedAttempt}. */
public final class ClassifyFailures implements Processor {

    private final BounceClassifier classifier;

    public ClassifyFailures(BounceClassifier classifier) {
        this.classifier = classifier;
    }

    @Override
    public void process(Exchange exchange) {
        DecidedAttempt decided = (DecidedAttempt) exchange.getMessage().getBody();
        exchange.getMessage().setBody(new ClassifiedAttempt(decided, categories(decided.outcomes())));
    }

    /** Recipients that failed for one and the same reason, such as a reply to DATA, are classified once. */
    private List<String> categories(List<Outcome> outcomes) {
        List<String> categories = new ArrayList<>(outcomes.size());
        Outcome before = null;
        for (Outcome o : outcomes) {
            categories.add(before != null && failure(o) != null && Objects.equals(failure(o), failure(before))
                    && o.getClass() == before.getClass() ? categories.getLast() : classifier.category(o));
            before = o;
        }
        return categories;
    }

    private static Failure failure(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Deferred t -> t.failure();
            case Outcome.Bounced b -> b.failure();
            case Outcome.Delivered _ -> null;
            case Outcome.Expired _ -> null;
            case Outcome.Deleted _ -> null;
        };
    }
}
