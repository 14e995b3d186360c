package org.caravanmta.config;

import java.util.List;

import org.caravanmta.config.value.Expression;

/**
 * Chooses a VirtualMTA or pool by envelope and header: the rules are asked in order, the first that leads to a name
 * wins. Patterns are compiled once, find anywhere in a text, and take time in proportion to its length.
 *
 * @param rules        in file order
 * @param perRecipient whether the choice depends on the recipient
 */
public record PatternList(String name, List<Rule> rules, boolean perRecipient) {

    /** @return a list that knows whether it depends on the recipient */
    static PatternList of(String name, List<Rule> rules) {
        return new PatternList(name, List.copyOf(rules),
                rules.stream().anyMatch(r -> r.when() instanceof Condition.RcptTo
                        || r.then() instanceof Result.Ask(PatternList list) && list.perRecipient()));
    }

    public record Rule(Condition when, Result then) {
    }

    /** What a rule looks at. */
    public sealed interface Condition {

        record Always() implements Condition {
        }

        /** An empty text for {@code <>}. */
        record MailFrom(Expression expression) implements Condition {
        }

        record RcptTo(Expression expression) implements Condition {
        }

        /** Any header field of that name. */
        record Header(String name, Expression expression) implements Condition {
        }
    }

    /** Where a rule leads. */
    public sealed interface Result {

        /** A VirtualMTA or a pool. */
        record Through(String virtualMta) implements Result {
        }

        /** Another list; when it leads nowhere, the next rule is asked. */
        record Ask(PatternList list) implements Result {
        }
    }
}
