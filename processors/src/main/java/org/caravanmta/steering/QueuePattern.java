package org.caravanmta.steering;

import java.util.Locale;
import java.util.regex.Pattern;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.value.Misunderstood;

/**
 * Which queues an operator means: {@code gmail.com/mta1}, {@code *.example.com/*}, <code>*&#47;mta1</code>.
 *
 * @param domain     the destinations
 * @param virtualMta {@value #ANY}, or a VirtualMTA, or a pool, which stands for its members
 */
public record QueuePattern(DomainPattern domain, String virtualMta) {

    public static final String ANY = "*";
    /** The destination of mail to an address literal. */
    private static final Pattern LITERAL = Pattern.compile("\\[(?i:IPv6:)?[0-9A-Fa-f.:]+]");
    public static final QueuePattern EVERY = new QueuePattern(new DomainPattern(Scope.ALL, ""), ANY);

    /**
     * Reads {@code DOMAIN} or {@code DOMAIN/VMTA}.
     *
     * @throws IllegalArgumentException with what is wrong, for the operator
     */
    public static QueuePattern parse(String text) {
        if (text.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("control characters are in no queue's name");
        int slash = text.indexOf('/');
        String domain = slash < 0 ? text : text.substring(0, slash);
        String virtualMta = slash < 0 ? ANY : text.substring(slash + 1);
        if (domain.isEmpty() || virtualMta.isEmpty() || virtualMta.indexOf('/') >= 0)
            throw new IllegalArgumentException("\"" + text + "\" is no queue: expected DOMAIN/VMTA, such as "
                    + "example.com/mta1, \"example.com/*\" or \"*/mta1\"");
        if (LITERAL.matcher(domain).matches())
            return new QueuePattern(new DomainPattern(Scope.EXACT, domain.toLowerCase(Locale.ROOT)), virtualMta);
        try {
            return new QueuePattern(new DomainPattern.Form().parse(domain), virtualMta);
        } catch (Misunderstood e) {
            throw new IllegalArgumentException("\"" + domain + "\": expected " + e.expected() + "; " + e.hint(), e);
        }
    }

    /** @param config knows the members of pools */
    public boolean matches(String destination, String throughVirtualMta, CaravanConfig config) {
        return domain.matches(destination) && holdsFor(throughVirtualMta, config);
    }

    /** Whether queues of this VirtualMTA are meant, of whatever destination. */
    public boolean holdsFor(String name, CaravanConfig config) {
        return virtualMta.equals(ANY) || virtualMta.equals(name) || isMember(name, config.pools().get(virtualMta));
    }

    private static boolean isMember(String name, VirtualMtaPool pool) {
        return pool != null && pool.members().stream().anyMatch(m -> m.virtualMta().equals(name));
    }

    /** Whether every queue of {@code other} is meant too. A pool is not taken apart. */
    boolean covers(QueuePattern other) {
        return (virtualMta.equals(ANY) || virtualMta.equals(other.virtualMta)) && covers(domain, other.domain);
    }

    /** Whether some queue may be meant by both. What is no VirtualMTA is or may again be a pool of any members. */
    boolean meets(QueuePattern other, CaravanConfig config) {
        return (covers(domain, other.domain) || covers(other.domain, domain)) && virtualMtasMeet(other, config);
    }

    private boolean virtualMtasMeet(QueuePattern other, CaravanConfig config) {
        return virtualMta.equals(ANY) || other.virtualMta.equals(ANY) || virtualMta.equals(other.virtualMta)
                || !config.virtualMtas().containsKey(virtualMta)
                || !config.virtualMtas().containsKey(other.virtualMta);
    }

    /** Patterns lie within each other or have nothing in common. */
    private static boolean covers(DomainPattern wide, DomainPattern narrow) {
        if (wide.scope() == Scope.ALL || wide.equals(narrow))
            return true;
        if (narrow.scope() == Scope.ALL || wide.scope() == Scope.EXACT)
            return false;
        if (wide.domain().equals(narrow.domain()))
            return wide.scope() == Scope.BOTH;
        return narrow.domain().endsWith("." + wide.domain());
    }

    @Override
    public String toString() {
        return domain + "/" + virtualMta;
    }
}
