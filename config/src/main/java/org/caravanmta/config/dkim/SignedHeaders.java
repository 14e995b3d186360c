package org.caravanmta.config.dkim;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.Misunderstood;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Which fields of a header are signed. {@code From} always is (RFC 6376 §5.4).
 *
 * @param names    in lower case
 * @param patterns expressions over whole names
 */
public record SignedHeaders(Set<String> names, List<Pattern> patterns) {

    /**
     * What a reader sees, what a reply and a click on "unsubscribe" rely on, and what tells how to decode the rest
     * (RFC 6376 §5.4.1, RFC 8058 §4). Trace fields are not among them: others add to those on the way.
     */
    public static final SignedHeaders USUAL = new SignedHeaders(Set.of("from", "sender", "reply-to", "subject", "date",
            "message-id", "to", "cc", "mime-version", "content-type", "content-transfer-encoding", "content-id",
            "content-description", "content-disposition", "content-language", "in-reply-to", "references", "list-id",
            "list-help", "list-unsubscribe", "list-unsubscribe-post", "list-subscribe", "list-post", "list-owner",
            "list-archive", "feedback-id", "auto-submitted", "resent-from", "resent-sender", "resent-to", "resent-cc",
            "resent-date", "resent-message-id"), List.of());

    /** Fields that others rightly change or take away; no expression means them. */
    private static final Set<String> OFTEN_CHANGED = Set.of("return-path", "received", "bcc", "resent-bcc",
            "dkim-signature", "domainkey-signature", "authentication-results", "arc-seal", "arc-message-signature",
            "arc-authentication-results", "delivered-to");

    static SignedHeaders of(List<Item> items) {
        return items.isEmpty() ? USUAL : new SignedHeaders(
                Stream.concat(Stream.of("from"), items.stream().filter(i -> i.pattern() == null).map(Item::name))
                        .collect(Collectors.toUnmodifiableSet()),
                items.stream().map(Item::pattern).filter(p -> p != null).toList());
    }

    /** @param name in lower case */
    public boolean holds(String name) {
        if (names.contains(name))
            return true;
        if (patterns.isEmpty() || OFTEN_CHANGED.contains(name))
            return false;
        for (Pattern p : patterns)
            if (p.matcher(name).matches())
                return true;
        return false;
    }

    /** One of them: a name in lower case, or an expression. */
    record Item(String name, Pattern pattern) {

        @Override
        public String toString() {
            return pattern == null ? name : "/" + pattern.pattern() + "/";
        }
    }

    /** {@code NAME} or {@code /re/}. */
    record Form() implements Grammar<Item> {

        @Override
        public String expected() {
            return "the name of a header field, or an expression over names such as /list-.*/";
        }

        @Override
        public Item parse(String text) throws Misunderstood {
            if (!text.startsWith("/"))
                return new Item(new NameForm().parse(text), null);
            if (text.length() < 3 || !text.endsWith("/"))
                throw misunderstood("the expression stands between slashes");
            try {
                return new Item(null, Pattern.compile(text.substring(1, text.length() - 1), Pattern.CASE_INSENSITIVE));
            } catch (PatternSyntaxException e) {
                throw misunderstood("a regular expression in RE2 syntax: " + e.getDescription());
            }
        }
    }

    /** {@code NAME}; the value is in lower case. */
    record NameForm() implements Grammar<String> {

        private static final java.util.regex.Pattern FORM = java.util.regex.Pattern.compile("([!-9<-~]{1,100}):?");

        @Override
        public String expected() {
            return "the name of a header field";
        }

        @Override
        public String parse(String text) throws Misunderstood {
            Matcher m = FORM.matcher(text);
            if (!m.matches())
                throw misunderstood("printable ASCII without blanks, colons and semicolons");
            return m.group(1).toLowerCase(Locale.ROOT);
        }
    }
}
