package org.caravanmta.submission.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.message.header.DateText;
import org.caravanmta.smtp.Reply;

import io.netty.buffer.ByteBuf;

/**
 * What every way in shares: a checked envelope and content become one {@link SubmittedMessage}, under the same limits
 * and with the same fields in front. SMTP uses the parts, event by event; others {@link #take}. Any thread.
 */
public final class Intake {

    /**
     * Content up to this size stays in heap: 256 KiB. Larger messages are few, and a spool file costs them less than
     * they cost everybody else in the heap.
     */
    public static final int DEFAULT_INLINE_LIMIT_BYTES = 256 * 1024;

    private static final int PIECE_BYTES = 32 * 1024;

    private final SpoolFolder spool;
    private final int inlineLimitBytes;
    private final Supplier<Reply> acceptance;
    private final Clock clock;
    private final DateText dates;
    private final MessageIds ids;

    private Intake(SpoolFolder spool, int inlineLimitBytes, Supplier<Reply> acceptance, Clock clock) {
        this.spool = spool;
        this.inlineLimitBytes = inlineLimitBytes;
        this.acceptance = acceptance;
        this.clock = clock;
        this.dates = new DateText(clock.getZone());
        this.ids = new MessageIds(clock.millis());
    }

    /**
     * @param spoolFolder for content above the inline limit; created when missing, and ours alone: left-over files of
     *                    a former run are deleted
     * @param acceptance  null when mail is taken, else what to answer (452 4.3.1); asked at each message, so cheap
     */
    public static Intake open(Path spoolFolder, int inlineLimitBytes, Supplier<Reply> acceptance, Clock clock)
            throws IOException {
        return new Intake(SpoolFolder.open(spoolFolder), inlineLimitBytes, acceptance, clock);
    }

    /**
     * Reads one message: header, blank line, body. Lines may end in LF or CR LF; they are CR LF afterwards. The caller
     * closes the stream, and calls {@link SubmittedMessage#discard()} when the message goes no further.
     *
     * @throws RefusedException what it says to the client
     * @throws IOException      the stream cannot be read: nothing is left of the message
     */
    public SubmittedMessage take(Handover handover, Envelope envelope, InputStream content)
            throws IOException, RefusedException {
        Reply notNow = refusal();
        if (notNow != null)
            throw new RefusedException(notNow);
        MessageReceiver receiver = chunked(handover, content.available());
        try {
            LineEnds lines = new LineEnds();
            byte[] piece = new byte[PIECE_BYTES];
            for (int n; (n = content.read(piece)) >= 0 && receiver.refusal() == null;) {
                ByteBuf crlf = lines.crlf(piece, n);
                receiver.receive(crlf, crlf.readableBytes());
            }
        } catch (IOException | RuntimeException e) {
            receiver.discard();
            throw e;
        }
        Reply wrong = receiver.finish();
        if (wrong != null)
            throw new RefusedException(wrong);
        return assemble(handover, envelope, receiver);
    }

    /** Why no mail at all is taken now; null when it is. */
    public Reply refusal() {
        return acceptance.get();
    }

    /** For content whose end is a lone dot. */
    public MessageReceiver dotStuffed(Handover handover, long declaredSizeBytes) {
        return new MessageReceiver(true, spool, inlineLimitBytes, handover, declaredSizeBytes);
    }

    /** For content whose end somebody else knows. */
    public MessageReceiver chunked(Handover handover, long declaredSizeBytes) {
        return new MessageReceiver(false, spool, inlineLimitBytes, handover, declaredSizeBytes);
    }

    /** The message of a receiver that has finished; the receiver's array is the message's from now on. */
    public SubmittedMessage assemble(Handover handover, Envelope envelope, MessageReceiver finished)
            throws RefusedException {
        return MessageAssembly.of(this, handover, envelope, finished);
    }

    Clock clock() {
        return clock;
    }

    DateText dates() {
        return dates;
    }

    MessageIds ids() {
        return ids;
    }
}
