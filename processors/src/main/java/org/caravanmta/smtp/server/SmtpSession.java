package org.caravanmta.smtp.server;

import java.net.InetAddress;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.Source;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.RefusedException;
import org.caravanmta.submission.intake.Refusals;

import io.netty.buffer.ByteBuf;

/**
 * The state of one SMTP session and what moves it: bytes in, replies into the {@link ReplyBuffer}, messages out through
 * {@link #takeSubmitted()}. Knows no channel. Belongs to the connection's event loop.
 */
final class SmtpSession {

    enum Phase {
        /** The greeting has not been sent. */
        GREETING, COMMAND,
        /** TLS is to begin: nothing may come that was not said under it. */
        HANDSHAKE,
        /** Between DATA and the lone dot. */
        DATA,
        /** Within the octets of a BDAT. */
        CHUNK,
        /** A message is with the next handler; nothing is read. */
        SUBMITTED,
        /** The last reply has been given; what still comes is dropped. */
        CLOSING
    }

    private static final String SRC_TYPE = "smtp";

    private final SmtpServerContext context;
    private final InetAddress client;
    private final InetAddress local;
    private final String listenerSource;
    private final ReplyBuffer replies;
    private final CommandLine line = new CommandLine();

    private CaravanConfig config;
    private Source source;
    private Phase phase = Phase.GREETING;
    private boolean greeted;
    private Handover.Tls tls;
    private String clientName;
    private boolean extended;
    private int errors;
    private Transaction transaction;
    private long chunkLeft;
    private boolean lastChunk;
    private byte[] chunkRefusal;
    private SubmittedMessage submitted;
    private SubmittedMessage awaited;
    private boolean progress;

    /**
     * @param local          the address the client connected to; null when there is none
     * @param listenerSource the listener's named source; null when it has none
     */
    SmtpSession(SmtpServerContext context, InetAddress client, InetAddress local, String listenerSource,
            ReplyBuffer replies) {
        this.context = context;
        this.client = client;
        this.local = local;
        this.listenerSource = listenerSource;
        this.replies = replies;
        refreshConfig();
    }

    void greet() {
        phase = Phase.COMMAND;
        greeted = true;
        replies.add(Replies.line("220 " + config.hostName() + " ESMTP"));
    }

    /** Takes bytes until there are none, a message is ready or the session ends. */
    void accept(ByteBuf in) {
        while (in.isReadable()) {
            switch (phase) {
                case GREETING -> hangUp(Replies.SPOKE_TOO_EARLY);
                case COMMAND -> {
                    if (line.read(in)) {
                        progress = true;
                        Commands.run(this, line);
                        leaveWhenDraining();
                    }
                }
                case HANDSHAKE -> hangUp(Replies.BEHIND_STARTTLS);
                case DATA -> {
                    progress = true;
                    transaction.receiver().receive(in, Long.MAX_VALUE);
                    if (transaction.receiver().ended())
                        endOfMessage();
                }
                case CHUNK -> {
                    progress = true;
                    receiveChunk(in);
                }
                case SUBMITTED, CLOSING -> {
                    return;
                }
            }
        }
    }

    // What commands say and do.

    /** Answers; a permanent refusal counts as an error, and one too many ends the session. */
    void reply(byte[] reply) {
        int max = config.smtpIn().maxErrorsPerSession();
        if (reply[0] == '5' && ++errors > max && max > 0)
            hangUp(Replies.TOO_MANY_ERRORS);
        else
            replies.add(reply);
    }

    /** Answers for the last time; only the first last time counts. */
    void hangUp(byte[] reply) {
        if (phase == Phase.CLOSING)
            return;
        replies.add(reply);
        abandon();
        phase = Phase.CLOSING;
    }

    void introduce(String name, boolean esmtp) {
        resetTransaction();
        clientName = name;
        extended = esmtp;
    }

    /** Looks for a new configuration; what the client may do changes with it. */
    void refreshConfig() {
        CaravanConfig now = context.config();
        if (now != config) {
            config = now;
            source = now.sources().of(client, listenerSource);
        }
    }

    /** TLS comes first, or next. */
    void expectHandshake() {
        phase = Phase.HANDSHAKE;
    }

    /** Nothing came behind STARTTLS: the client may begin. */
    void goAhead() {
        replies.add(Replies.READY_FOR_TLS);
    }

    /** The handshake is done. Nothing that was said before it counts any more (RFC 3207 §4.2). */
    void secured(Handover.Tls layer) {
        tls = layer;
        progress = true;
        resetTransaction();
        clientName = null;
        extended = false;
        refreshConfig();
        if (phase == Phase.HANDSHAKE)
            phase = greeted ? Phase.COMMAND : Phase.GREETING;
    }

    boolean offersTls() {
        return tls == null && source.allowStarttls() && context.tls().available();
    }

    void beginTransaction(Transaction t) {
        transaction = t;
    }

    void resetTransaction() {
        abandon();
        transaction = null;
    }

    void expectData() {
        phase = Phase.DATA;
    }

    /** @param refusal what to answer once the octets have been dropped; null when they are wanted */
    void expectChunk(long octets, boolean last, byte[] refusal) {
        phase = Phase.CHUNK;
        chunkLeft = octets;
        lastChunk = last;
        chunkRefusal = refusal;
        if (octets == 0)
            endOfChunk();
    }

    private void receiveChunk(ByteBuf in) {
        int before = in.readableBytes();
        if (chunkRefusal != null)
            in.skipBytes((int) Math.min(chunkLeft, before));
        else
            transaction.receiver().receive(in, chunkLeft);
        chunkLeft -= before - in.readableBytes();
        if (chunkLeft == 0)
            endOfChunk();
    }

    private void endOfChunk() {
        phase = Phase.COMMAND;
        if (chunkRefusal != null)
            reply(chunkRefusal);
        else if (lastChunk)
            endOfMessage();
        else if (transaction.receiver().refusal() == Refusals.TOO_BIG)
            refuseMessage(Refusals.TOO_BIG);
        else
            replies.add(Replies.CHUNK_OK);
        leaveWhenDraining();
    }

    private void endOfMessage() {
        Reply refusal = transaction.receiver().finish();
        if (refusal != null) {
            refuseMessage(refusal);
            return;
        }
        try {
            submitted = context.intake().assemble(transaction.handover(), transaction.envelope(),
                    transaction.receiver());
        } catch (RefusedException e) {
            refuseMessage(e.reply());
            return;
        }
        transaction = null;
        phase = Phase.SUBMITTED;
    }

    private void refuseMessage(Reply refusal) {
        context.observer().messageRefused(client, refusal.code());
        resetTransaction();
        phase = Phase.COMMAND;
        reply(ReplyEncoder.encode(refusal));
        leaveWhenDraining();
    }

    // What the connection asks and tells.

    /** The message that just became complete; null when there is none. The session then waits for its answer. */
    SubmittedMessage takeSubmitted() {
        SubmittedMessage m = submitted;
        if (m != null)
            awaited = m;
        submitted = null;
        return m;
    }

    /** The next handler's answer to the message it was given. */
    void answer(Reply reply) {
        byte[] encoded = reply == null ? Replies.NOT_TAKEN : ReplyEncoder.encode(reply);
        awaited.discard().run();
        awaited = null;
        context.observer().messageAnswered(client, Replies.code(encoded));
        progress = true;
        phase = Phase.COMMAND;
        if (reply != null && reply.code() == 421)
            hangUp(encoded);
        else
            replies.add(encoded);
        leaveWhenDraining();
    }

    /** Ends an idle session during shutdown. */
    void leaveWhenDraining() {
        boolean idle = phase == Phase.COMMAND && (transaction == null || !transaction.chunking());
        if (idle && context.connections().draining())
            hangUp(Replies.SHUTTING_DOWN);
    }

    /** Deletes what an unfinished message has spooled. */
    void abandon() {
        if (transaction != null && transaction.receiver() != null)
            transaction.receiver().discard();
    }

    /** Whether a command or data arrived since the last question: half a command line is no progress. */
    boolean takeProgress() {
        boolean was = progress;
        progress = false;
        return was;
    }

    Phase phase() {
        return phase;
    }

    SmtpServerContext context() {
        return context;
    }

    InetAddress client() {
        return client;
    }

    CaravanConfig config() {
        return config;
    }

    Source source() {
        return source;
    }

    /** How a message is handed in that begins now. */
    Handover handover() {
        String protocol = !extended ? "SMTP" : tls == null ? "ESMTP" : "ESMTPS";
        return new Handover(config, source, SRC_TYPE, protocol, clientName, client, local, tls);
    }

    long maxMessageSizeBytes() {
        return Handover.maxMessageSizeBytes(config, source);
    }

    /** What protects the connection; null: nothing. */
    Handover.Tls tls() {
        return tls;
    }

    /** EHLO, not HELO. */
    boolean extended() {
        return extended;
    }

    boolean introduced() {
        return clientName != null;
    }

    Transaction transaction() {
        return transaction;
    }
}
