package org.caravanmta.config.accounting;

import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * Queues that are meant, or with {@code !} are not.
 *
 * @param not  {@code !} stood before it
 * @param vmta pattern of VirtualMTA names
 */
public record QueueFilter(boolean not, DomainPattern domain, NameFilter vmta) {

    /** @param queue {@code destination/vmta} */
    public boolean matches(String queue) {
        int slash = queue.indexOf('/');
        return slash >= 0 && domain.matches(queue.substring(0, slash)) && vmta.matches(queue.substring(slash + 1));
    }

    /** {@code DOMAIN/VMTA}, {@code !DOMAIN/VMTA}; without a slash every VirtualMTA. */
    public record Form() implements Grammar<QueueFilter> {

        @Override
        public String expected() {
            return "a queue, such as example.com/mta1, \"[*.]example.com/*\" or \"!*/mta1\"";
        }

        @Override
        public QueueFilter parse(String text) throws Misunderstood {
            boolean not = text.startsWith("!");
            String queue = not ? text.substring(1) : text;
            int slash = queue.lastIndexOf('/');
            try {
                return new QueueFilter(not,
                        new DomainPattern.Form().parse(slash < 0 ? queue : queue.substring(0, slash)),
                        new NameFilter.Form().parse(slash < 0 ? "*" : queue.substring(slash + 1)));
            } catch (Misunderstood e) {
                throw misunderstood(e.hint());
            }
        }
    }
}
