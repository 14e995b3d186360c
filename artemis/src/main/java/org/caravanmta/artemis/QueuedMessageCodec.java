package org.caravanmta.artemis;

import java.util.ArrayList;
import java.util.List;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.Notify;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;

/**
 * The body of a message on a queue: head, then the content bytes as they are. The head is version (1 byte), its own
 * length (4 bytes), content length (8), then the fields in the order below. A new field goes to the end of the head
 * behind a new version; older versions stay readable for as long as messages may wait.
 */
final class QueuedMessageCodec {

    static final int VERSION = 4;
    /** Had nothing about reports. */
    private static final int THIRD_VERSION = 3;
    /** Had no time of the first attempt. */
    private static final int SECOND_VERSION = 2;
    /** Had no pool. */
    private static final int FIRST_VERSION = 1;
    /** Bytes that tell how long the head is. */
    static final int PREFIX_BYTES = 5;
    private static final int EIGHT_BIT = 1;
    private static final int SMTP_UTF8 = 2;
    private static final int UNSIGNED = 4;
    private static final int DSN = 1;
    private static final int RET = 2;
    private static final int RET_FULL = 4;
    private static final int SUPPRESSED = 8;
    private static final int FULL_BY_DEFAULT = 16;
    private static final int NOTIFY = 32;

    private QueuedMessageCodec() {
    }

    static FieldWriter head(QueuedMessage m) {
        FieldWriter w = new FieldWriter(256 + 48 * m.recipients().size());
        w.writeByte(VERSION).writeInt(0).writeLong(m.content().sizeBytes());
        w.writeByte((m.bodyType() == BodyType.EIGHT_BIT_MIME ? EIGHT_BIT : 0) | (m.smtpUtf8() ? SMTP_UTF8 : 0)
                | (m.unsigned() ? UNSIGNED : 0));
        w.writeLong(m.queuedAtMs()).writeCount(m.attempts());
        w.writeText(m.virtualMta()).writeText(m.destination()).writeText(m.reversePath());
        w.writeCount(m.recipients().size());
        for (Recipient r : m.recipients())
            w.writeText(r.address()).writeText(r.orcpt());
        w.writeText(m.jobId()).writeText(m.envId()).writeText(m.srcType()).writeText(m.srcMta());
        w.writeText(m.lastFailure()).writeText(m.vmtaPool()).writeLong(m.firstAttemptMs());
        writeReports(w, m);
        w.overwriteInt(1, w.length());
        return w;
    }

    private static void writeReports(FieldWriter w, QueuedMessage m) {
        DsnRequest dsn = m.dsn();
        boolean notify = false;
        for (Recipient r : m.recipients())
            notify |= r.notification() != null;
        w.writeByte((notify ? NOTIFY : 0) | (dsn == null ? 0
                : DSN | (dsn.ret() == null ? 0 : dsn.ret().equals("FULL") ? RET | RET_FULL : RET)
                        | (dsn.suppressed() ? SUPPRESSED : 0) | (dsn.fullByDefault() ? FULL_BY_DEFAULT : 0)));
        if (dsn != null)
            w.writeText(dsn.envid()).writeLong(dsn.delayReportedMs());
        if (notify)
            for (Recipient r : m.recipients())
                w.writeByte(r.notification() == null ? 0 : 8 | r.notification().bits());
    }

    /** How long the head is that begins with these bytes. */
    static int headLength(byte[] bytes, int offset, int length) {
        FieldReader r = new FieldReader(bytes, offset, length);
        int version = r.readByte();
        if (version < FIRST_VERSION || version > VERSION)
            throw new IllegalArgumentException("unknown message version " + version);
        int head = r.readInt();
        if (head < PREFIX_BYTES + 8)
            throw new IllegalArgumentException("head of " + head + " bytes");
        return head;
    }

    /** A whole body in memory; the content is a slice of {@code bytes}. */
    static QueuedMessage decode(byte[] bytes, int offset, int length) {
        int head = headLength(bytes, offset, length);
        if (head > length)
            throw new IllegalArgumentException("head of " + head + " bytes in a body of " + length);
        return decode(new FieldReader(bytes, offset, head), size -> {
            if (size != length - head)
                throw new IllegalArgumentException(size + " bytes of content expected, " + (length - head) + " found");
            return new MessageContent.Inline(bytes, offset + head, length - head);
        });
    }

    /** A head alone; {@code content} makes the content for the size that the head tells. */
    static QueuedMessage decode(FieldReader r, ContentBySize content) {
        int version = r.readByte();
        r.readInt();
        MessageContent bytes = content.of(r.readLong());
        int flags = r.readByte();
        long queuedAtMs = r.readLong();
        int attempts = r.readCount();
        String virtualMta = r.readText();
        String destination = r.readText();
        String reversePath = r.readText();
        List<Recipient> recipients = recipients(r);
        String jobId = r.readText();
        String envId = r.readText();
        String srcType = r.readText();
        String srcMta = r.readText();
        String lastFailure = r.readText();
        String vmtaPool = version > FIRST_VERSION ? r.readText() : null;
        long firstAttemptMs = version > SECOND_VERSION ? r.readLong() : -1;
        int reports = version > THIRD_VERSION ? r.readByte() : 0;
        DsnRequest dsn = (reports & DSN) == 0 ? null : readDsn(r, reports);
        if ((reports & NOTIFY) != 0)
            recipients = withNotify(recipients, r);
        return new QueuedMessage(virtualMta, vmtaPool, destination, reversePath, recipients,
                (flags & EIGHT_BIT) != 0 ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT, (flags & SMTP_UTF8) != 0,
                jobId, envId, queuedAtMs, attempts, srcType, srcMta, lastFailure, firstAttemptMs, bytes,
                (flags & UNSIGNED) != 0, dsn);
    }

    private static DsnRequest readDsn(FieldReader r, int flags) {
        String ret = (flags & RET) == 0 ? null : (flags & RET_FULL) != 0 ? "FULL" : "HDRS";
        return new DsnRequest(ret, r.readText(), (flags & SUPPRESSED) != 0, (flags & FULL_BY_DEFAULT) != 0,
                r.readLong());
    }

    private static List<Recipient> withNotify(List<Recipient> recipients, FieldReader r) {
        List<Recipient> list = new ArrayList<>(recipients.size());
        for (Recipient one : recipients) {
            int notify = r.readByte();
            list.add(new Recipient(one.address(), one.orcpt(), notify == 0 ? null : Notify.ofBits(notify)));
        }
        return List.copyOf(list);
    }

    private static List<Recipient> recipients(FieldReader r) {
        int n = r.readCount();
        if (n == 1)
            return List.of(new Recipient(r.readText(), r.readText()));
        if (n > r.remaining())
            throw new IllegalArgumentException(n + " recipients in " + r.remaining() + " bytes");
        List<Recipient> list = new ArrayList<>(n);
        for (int i = 0; i < n; i++)
            list.add(new Recipient(r.readText(), r.readText()));
        return List.copyOf(list);
    }

    @FunctionalInterface
    interface ContentBySize {
        MessageContent of(long sizeBytes);
    }
}
