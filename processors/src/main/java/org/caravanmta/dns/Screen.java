package org.caravanmta.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * What of an answer is let in. It must be an answer, whole, and of a server that knows; and no more of it is kept than
 * mail needs, because whoever owns a domain writes it: the best MX records, some addresses, and of the rest only the SOA
 * record that says how long a "no" holds. dnsjava compares the question and leaves out records of other names.
 */
final class Screen {

    static final int MOST_MX = 30;
    static final int MOST_RECORDS = 30;
    static final int MOST_TXT = 100;
    private static final int MOST_TXT_BYTES = 8_192;

    private Screen() {
    }

    /** A server has answered, but not the question. */
    static final class NoAnswer extends IOException {

        private static final long serialVersionUID = 1;

        NoAnswer(String words) {
            super(words);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /**
     * The same message with less in it.
     *
     * @throws NoAnswer another server may know better
     */
    static Message screened(Message answer) throws NoAnswer {
        if (!answer.getHeader().getFlag(Flags.QR) || answer.getHeader().getOpcode() != Opcode.QUERY)
            throw new NoAnswer("what came is no answer");
        if (answer.getHeader().getFlag(Flags.TC))
            throw new NoAnswer("the answer is cut off even over TCP");
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN)
            throw new NoAnswer(Rcode.string(answer.getRcode()));
        if (answer.getRcode() == Rcode.NOERROR && lame(answer))
            throw new NoAnswer("a referral to other servers: it is not recursive");
        replace(answer, Section.ANSWER, kept(answer.getSection(Section.ANSWER)));
        replace(answer, Section.AUTHORITY, of(answer, Section.AUTHORITY, Type.SOA).limit(1).toList());
        replace(answer, Section.ADDITIONAL, of(answer, Section.ADDITIONAL, Type.OPT).limit(1).toList());
        return answer;
    }

    /** Nothing, and no SOA that would say so (RFC 2308 §2.2); a server that asks others answers without that too. */
    private static boolean lame(Message answer) {
        return answer.getSection(Section.ANSWER).isEmpty()
                && of(answer, Section.AUTHORITY, Type.SOA).findAny().isEmpty()
                && !answer.getHeader().getFlag(Flags.AA)
                && (!answer.getHeader().getFlag(Flags.RA)
                        || of(answer, Section.AUTHORITY, Type.NS).findAny().isPresent());
    }

    private static Stream<Record> of(Message answer, int section, int type) {
        return answer.getSection(section).stream().filter(r -> r.getType() == type);
    }

    private static List<Record> kept(List<Record> records) {
        List<Record> ordered = new ArrayList<>(records);
        ordered.sort(Comparator.comparingInt(r -> r instanceof MXRecord mx ? mx.getPriority() : -1));
        Map<Integer, Integer> counts = new HashMap<>();
        int[] bytes = { 0 };
        ordered.removeIf(r -> counts.merge(r.getType(), 1, Integer::sum) > most(r.getType())
                || r instanceof TXTRecord t && (bytes[0] += size(t)) > MOST_TXT_BYTES);
        return ordered;
    }

    private static int most(int type) {
        return type == Type.MX ? MOST_MX : type == Type.TXT ? MOST_TXT : MOST_RECORDS;
    }

    private static int size(TXTRecord r) {
        return r.getStringsAsByteArrays().stream().mapToInt(b -> b.length).sum();
    }

    private static void replace(Message answer, int section, List<Record> records) {
        answer.removeAllRecords(section);
        records.forEach(r -> answer.addRecord(r, section));
    }
}
