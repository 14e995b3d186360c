package org.caravanmta.vmta;

import org.caravanmta.config.PatternList;
import org.caravanmta.config.PatternList.Condition;
import org.caravanmta.config.PatternList.Result;
import org.caravanmta.config.PatternList.Rule;
import org.caravanmta.config.value.Expression;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SubmittedMessage;

/** Asks pattern lists about one message. Not thread-safe. */
final class PatternSearch {

    private final SubmittedMessage message;
    private final MessageHeader header;

    PatternSearch(SubmittedMessage message) {
        this.message = message;
        this.header = new MessageHeader(message);
    }

    /** The name that the list leads to; null when it leads nowhere. */
    String find(PatternList list, Recipient recipient) {
        for (Rule rule : list.rules())
            if (holds(rule.when(), recipient)) {
                String name = switch (rule.then()) {
                    case Result.Through(String virtualMta) -> virtualMta;
                    case Result.Ask(PatternList other) -> find(other, recipient);
                };
                if (name != null)
                    return name;
            }
        return null;
    }

    private boolean holds(Condition condition, Recipient recipient) {
        return switch (condition) {
            case Condition.Always() -> true;
            case Condition.MailFrom(Expression e) ->
                e.foundIn(message.reversePath() == null ? "" : message.reversePath());
            case Condition.RcptTo(Expression e) -> e.foundIn(recipient.address());
            case Condition.Header(String name, Expression e) -> header.any(name, e::foundIn);
        };
    }
}
