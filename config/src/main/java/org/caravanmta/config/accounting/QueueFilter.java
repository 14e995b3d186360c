package org.caravanmta.config.accounting;

import java.util.Locale;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

/**
 * Queues that are meant, or with {@code !} are not.
 *
 * @param not    {@code !} stood before it
 * @param domain pattern of destinations, in lower case
 * @param below  whether what is below the domain is meant too
 * @param vmta   pattern of VirtualMTA names
 */
public record QueueFilter(boolean not, NameFilter domain, boolean below, NameFilter vmta) {

    private static final String BELOW = "[*.]";

    /** @param queue {@code destination/vmta} */
    public boolean matches(String queue) {
        int slash = queue.indexOf('/');
        return slash >= 0 && destination(queue.substring(0, slash)) && vmta.matches(queue.substring(slash + 1));
    }

    private boolean destination(String name) {
        if (domain.matches(name))
            return true;
        for (int dot = below ? name.indexOf('.') : -1; dot >= 0; dot = name.indexOf('.', dot + 1))
            if (domain.matches(name.substring(dot + 1)))
                return true;
        return false;
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
            String domain = (slash < 0 ? queue : queue.substring(0, slash)).toLowerCase(Locale.ROOT);
            boolean below = domain.startsWith(BELOW);
            try {
                return new QueueFilter(not,
                        new NameFilter.Form().parse(below ? domain.substring(BELOW.length()) : domain),
                        below, new NameFilter.Form().parse(slash < 0 ? "*" : queue.substring(slash + 1)));
            } catch (Misunderstood e) {
                throw misunderstood(e.hint());
            }
        }
    }
}
