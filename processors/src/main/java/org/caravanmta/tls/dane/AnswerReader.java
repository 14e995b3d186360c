package org.caravanmta.tls.dane;

import java.util.List;

import org.caravanmta.tls.dane.SecureAnswer.Status;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** Understands what {@link ValidatingResolver} answers. Pure functions. */
final class AnswerReader {

    private static final int MAX_ALIASES = 8;
    private static final int LONGEST_REASON = 200;
    private static final long UNKNOWN_TTL_SECONDS = 60;

    private AnswerReader() {
    }

    /**
     * @param trouble what went wrong with a question that was asked on behalf of this one; null when nothing. dnsjava
     *                takes a denial for insecure when the keys that prove it could not be fetched; whoever can keep them
     *                away could take TLSA records away with that
     */
    static SecureAnswer read(Name name, int type, Message m, String trouble) {
        int rcode = m.getRcode();
        boolean secure = m.getHeader().getFlag(Flags.AD);
        String reason = reason(m);
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN)
            return failed(name, type, reason == null ? Rcode.string(rcode) : reason);
        if (!secure && trouble != null)
            return failed(name, type, trouble);
        if (!secure && reason == null && !has(m, NSEC3Record.class)) // but for NSEC3 opt-out it says why
            return failed(name, type, "it was not validated");
        return follow(name, type, m, secure ? Status.SECURE : Status.INSECURE);
    }

    private static SecureAnswer follow(Name name, int type, Message m, Status status) {
        Name owner = name;
        long ttl = Long.MAX_VALUE;
        List<Record> all = m.getSection(Section.ANSWER);
        for (int i = 0; i <= MAX_ALIASES; i++) {
            Name at = owner;
            List<Record> found = all.stream().filter(r -> r.getType() == type && r.getName().equals(at)).toList();
            if (!found.isEmpty())
                return new SecureAnswer(status, found, owner, i > 0,
                        Math.min(ttl, found.stream().mapToLong(Record::getTTL).min().orElse(0)), null);
            CNAMERecord alias = all.stream().filter(r -> r.getType() == Type.CNAME && r.getName().equals(at))
                    .map(CNAMERecord.class::cast).findFirst().orElse(null);
            if (alias == null)
                return nothing(name, type, m, status, owner, ttl);
            ttl = Math.min(ttl, alias.getTTL());
            owner = alias.getTarget();
        }
        return failed(name, type, "too many aliases");
    }

    private static SecureAnswer nothing(Name name, int type, Message m, Status status, Name owner, long ttl) {
        boolean aliased = !owner.equals(name);
        if (aliased && status == Status.SECURE && !has(m, NSECRecord.class) && !has(m, NSEC3Record.class))
            return failed(name, type, "the name server does not say what is behind the alias");
        return new SecureAnswer(status, List.of(), owner, aliased, Math.min(ttl, negativeTtl(m)), null);
    }

    private static boolean has(Message m, Class<? extends Record> type) {
        return m.getSection(Section.AUTHORITY).stream().anyMatch(type::isInstance);
    }

    /** RFC 2308 §5. */
    private static long negativeTtl(Message m) {
        return m.getSection(Section.AUTHORITY).stream().filter(SOARecord.class::isInstance).map(SOARecord.class::cast)
                .mapToLong(s -> Math.min(s.getTTL(), s.getMinimum())).min().orElse(UNKNOWN_TTL_SECONDS);
    }

    /** What dnsjava says about its verdict, without the records it shows behind it; null when it says nothing. */
    private static String reason(Message m) {
        return m.getSection(Section.ADDITIONAL).stream()
                .filter(r -> r instanceof TXTRecord && r.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
                .map(r -> cut(String.join("", ((TXTRecord) r).getStrings()))).findFirst().orElse(null);
    }

    private static String cut(String reason) {
        int records = reason.indexOf(": {");
        String words = (records < 0 ? reason : reason.substring(0, records)).replaceAll("\\p{Cntrl}", " ");
        return words.length() <= LONGEST_REASON ? words : words.substring(0, LONGEST_REASON);
    }

    static SecureAnswer failed(Name name, int type, String why) {
        return new SecureAnswer(Status.FAILED, List.of(), name, false, 0,
                Type.string(type) + " of " + name.toString(true) + ": " + why);
    }
}
