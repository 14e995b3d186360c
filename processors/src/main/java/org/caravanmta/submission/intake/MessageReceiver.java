package org.caravanmta.submission.intake;

import java.io.IOException;
import java.util.Arrays;

import org.caravanmta.config.CaravanConfig.SmtpInLimits;
import org.caravanmta.message.header.HeaderBoundary;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;

/**
 * Takes in the content of one message in constant memory: one growing array up to the inline limit, with room in front
 * for trace fields; beyond it the header stays in the array and the body goes to a spool file. Once something is wrong
 * the rest is read and dropped. One thread at a time; {@link #discard()} when the message goes nowhere.
 */
public final class MessageReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(MessageReceiver.class);

    private static final int FIRST_BYTES = 2 * 1024;
    private static final int FIRST_BYTES_AT_MOST = 32 * 1024;
    private static final int SCRATCH_BYTES = 8 * 1024;
    /** Headers lie in memory, so "unlimited" means this much. */
    private static final int UNLIMITED_HEADER_BYTES = 1024 * 1024;
    private static final byte[] CRLF = { '\r', '\n' };

    private final TextScanner scanner;
    private final SpoolFolder spool;
    private final int room;
    private final int inlineLimit;
    private final int maxHeaderBytes;
    private final long maxSizeBytes;
    private final long declaredSizeBytes;
    private final HeaderBoundary header;
    private final boolean signing;

    private byte[] array;
    private int end;
    private byte[] head;
    private SpoolFile file;
    private SpooledBodyHash bodyHash;
    private byte firstSpooled;
    private long size;
    private Reply refusal;

    MessageReceiver(boolean dotStuffed, SpoolFolder spool, int inlineLimitBytes, Handover handover,
            long declaredSizeBytes) {
        SmtpInLimits limits = handover.config().smtpIn();
        this.scanner = new TextScanner(dotStuffed, limits.maxLineLengthBytes());
        this.spool = spool;
        this.room = TraceFields.roomFor(handover);
        this.inlineLimit = inlineLimitBytes;
        this.maxHeaderBytes = limits.maxHeaderSizeBytes() > 0 ? limits.maxHeaderSizeBytes() : UNLIMITED_HEADER_BYTES;
        this.maxSizeBytes = handover.maxMessageSizeBytes();
        this.declaredSizeBytes = declaredSizeBytes;
        this.header = new HeaderBoundary(room);
        this.signing = !handover.config().signingKeys().none();
        this.end = room;
    }

    /** Takes at most {@code most} bytes, and none behind the end of dot-stuffed data. */
    public void receive(ByteBuf in, long most) {
        long left = Math.min(most, in.readableBytes());
        while (left > 0 && !scanner.ended()) {
            int n = (int) Math.min(left, makeRoom(left));
            in.getBytes(in.readerIndex(), array, end, n);
            int textEnd = scanner.scan(array, end, end + n);
            int consumed = scanner.consumed() - end;
            in.skipBytes(consumed);
            left -= consumed;
            take(textEnd);
        }
    }

    private void take(int textEnd) {
        size += textEnd - end;
        if (refusal != null)
            return;
        end = textEnd;
        if (maxSizeBytes > 0 && size > maxSizeBytes)
            refuse(Refusals.TOO_BIG);
        else if (scanner.defect() != null)
            refuse(scanner.defect());
        else if (file == null && !header.found()) {
            boolean found = header.advance(array, end);
            if ((found ? header.end() : end) - room > maxHeaderBytes)
                refuse(Refusals.HEADER_TOO_BIG);
        }
    }

    /** Bytes that can be put at {@code end}; makes the array longer or empties it into the file when there are none. */
    private int makeRoom(long expected) {
        if (array == null) {
            long first = Math.max(expected, declaredSizeBytes) + CRLF.length;
            array = new byte[room + Math.clamp(first, FIRST_BYTES, FIRST_BYTES_AT_MOST)];
        } else if (end == array.length) {
            int capacity = array.length - room;
            if (file == null && (capacity < inlineLimit || !header.found()))
                array = Arrays.copyOf(array,
                        room + Math.max(Math.min(capacity * 2, inlineLimit), capacity + FIRST_BYTES));
            else
                spill();
        }
        if (refusal != null)
            end = 0;
        return array.length - end;
    }

    private void spill() {
        try {
            if (file == null) {
                file = spool.create();
                bodyHash = signing ? new SpooledBodyHash() : null;
                head = Arrays.copyOf(array, header.end());
                firstSpooled = array[header.end()];
                write(header.end());
            } else {
                write(0);
            }
            end = 0;
        } catch (IOException e) {
            LOG.warn("cannot write to the spool folder", e);
            refuse(Refusals.NO_STORAGE);
        }
    }

    private void write(int from) throws IOException {
        file.write(array, from, end);
        if (bodyHash != null)
            bodyHash.update(array, from, end);
    }

    private void refuse(Reply reply) {
        refusal = reply;
        discard();
        file = null;
        bodyHash = null;
        head = null;
        array = new byte[SCRATCH_BYTES];
        end = 0;
    }

    /** No more comes. @return null when the content is whole and right; else why not */
    public Reply finish() {
        if (refusal != null)
            return refusal;
        if (scanner.endsInCr())
            refuse(Refusals.BARE_LINE_END);
        else if (!scanner.atLineStart() || size == 0)
            append(CRLF);
        if (refusal == null && file == null)
            header.advance(array, end);
        if (refusal == null && file != null)
            finishFile();
        return refusal;
    }

    private void append(byte[] bytes) {
        for (byte b : bytes) {
            makeRoom(1);
            array[end++] = b;
        }
    }

    private void finishFile() {
        spill();
        try {
            if (file != null)
                file.finish();
        } catch (IOException e) {
            LOG.warn("cannot write to the spool folder", e);
            refuse(Refusals.NO_STORAGE);
        }
    }

    /** Deletes what was spooled. */
    public void discard() {
        if (file != null)
            file.discard();
    }

    public boolean ended() {
        return scanner.ended();
    }

    /** Why the message will be refused at its end; null so far. */
    public Reply refusal() {
        return refusal;
    }

    boolean eightBit() {
        return scanner.eightBit();
    }

    /** What holds the header, with room in front of it, and the whole message unless there is a {@link #file()}. */
    byte[] array() {
        return head != null ? head : array;
    }

    int headerStart() {
        return room;
    }

    int headerEnd() {
        return header.end();
    }

    /** End of the bytes in {@link #array()}. */
    int end() {
        return head != null ? head.length : end;
    }

    /** Of what follows the header, be it the CR of the blank line; 0 when nothing follows. */
    byte firstBodyByte() {
        return file != null ? firstSpooled : header.end() < end ? array[header.end()] : 0;
    }

    /** Of a whole message whose body is in the file, where signing might ask for it; null otherwise. */
    byte[] relaxedBodyHash() {
        return bodyHash == null ? null : bodyHash.finish();
    }

    /** The rest of the message; null when it is all in {@link #array()}. */
    SpoolFile file() {
        return file;
    }
}
