package org.caravanmta.smtp.client;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

import org.caravanmta.message.BodyType;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;

/**
 * One message on one connection: MAIL, RCPT, DATA, data (RFC 5321 §3.3), pipelined when offered (RFC 2920).
 * <p>
 * Replies come in the order of the commands, so one field says which is awaited. The first reason why the message
 * failed stays the reason; what the peer says afterwards only brings both sides back in step.
 */
final class Transaction {

    private enum Awaited {
        RSET(Stage.MAIL), MAIL(Stage.MAIL), RCPT(Stage.RCPT), DATA(Stage.DATA), LONE_DOT(Stage.DATA),
        /** The data is being written: a reply now is a refusal. */
        BODY(Stage.DATA), END(Stage.DATA_END);

        private final Stage stage;

        Awaited(Stage stage) {
            this.stage = stage;
        }
    }

    private final ClientConnection connection;
    private final QueuedMessage message;
    private final Extensions extensions;
    private final boolean reset;
    /** Null until a recipient is refused, so that the usual message costs no list of its own. */
    private Failure[] refused;
    private Awaited awaited;
    private int recipient;
    private int accepted;
    private int refusals;
    /** Something has been said to the peer. */
    private boolean started;
    private boolean mailAccepted;
    private Failure failure;
    private BodyWriter body;
    private boolean finished;

    Transaction(ClientConnection connection, QueuedMessage message, Extensions extensions, boolean reset) {
        this.connection = connection;
        this.message = message;
        this.extensions = extensions;
        this.reset = reset;
        this.awaited = Awaited.MAIL;
    }

    Stage stage() {
        return awaited.stage;
    }

    boolean textWanted() {
        return awaited == Awaited.END;
    }

    // ---- commands

    void start() {
        boolean utf8 = message.smtpUtf8() || Commands.needsUtf8(message);
        failure = Commands.obstacle(message, extensions, utf8, connection.ignore8bitmime());
        if (failure == null)
            refuseUnspeakable();
        if (failure != null || refused != null && nextRecipient(0) == recipients().size()) {
            connection.loop().execute(() -> finish(true));
            return;
        }
        started = true;
        connection.await(connection.timeouts().command());
        awaited = reset ? Awaited.RSET : Awaited.MAIL;
        ByteBuf out = connection.channel().alloc().directBuffer(256);
        if (reset)
            Commands.rset(out);
        if (!reset || extensions.pipelining())
            mail(out);
        if (extensions.pipelining()) {
            for (int i = nextRecipient(0); i < recipients().size(); i = nextRecipient(i + 1))
                Commands.rcpt(out, recipients().get(i), extensions.dsn());
            Commands.data(out);
        }
        connection.write(out);
    }

    /** An address that would break out of its command never reaches the wire. */
    private void refuseUnspeakable() {
        for (int i = 0; i < recipients().size(); i++)
            if (!Commands.speakable(recipients().get(i).address()))
                refuse(i, Failure.ofReply(Stage.RCPT, Reply.of(553, "5.1.3", "bad destination address syntax")));
        if (message.reversePath() != null && !Commands.speakable(message.reversePath()))
            failure = Failure.ofReply(Stage.MAIL, Reply.of(553, "5.1.7", "bad sender address syntax"));
    }

    private void mail(ByteBuf out) {
        boolean eightBit = message.bodyType() == BodyType.EIGHT_BIT_MIME && extensions.eightBitMime();
        boolean utf8 = extensions.smtpUtf8() && (message.smtpUtf8() || Commands.needsUtf8(message));
        Commands.mail(out, message.reversePath(), extensions.sizeOffered() ? message.content().sizeBytes() : -1,
                eightBit, utf8, extensions.dsn() ? message.dsn() : null);
    }

    private void single(Consumer<ByteBuf> command) {
        ByteBuf out = connection.channel().alloc().directBuffer(128);
        command.accept(out);
        connection.write(out);
    }

    // ---- replies

    void onReply(int code) {
        if (code >= 400 && awaited != Awaited.RSET && awaited != Awaited.LONE_DOT)
            refusals++;
        if (code == 421 || !started) {
            fail(code == 421 ? Failure.ofReply(awaited.stage, connection.reply()) : protocol(code));
            finish(false);
            return;
        }
        switch (awaited) {
            case RSET -> onRset();
            case MAIL -> onMail(code);
            case RCPT -> onRcpt(code);
            case DATA -> onData(code);
            case LONE_DOT -> finish(true);
            case BODY -> onEarlyReply(code);
            case END -> onEnd(code);
        }
    }

    /** A refused RSET is no reason to fail: MAIL will say. */
    private void onRset() {
        awaited = Awaited.MAIL;
        connection.await(connection.timeouts().command());
        if (!extensions.pipelining())
            single(this::mail);
    }

    private void onMail(int code) {
        if (!expected(code, 2))
            return;
        mailAccepted = code < 400;
        if (!mailAccepted)
            fail(Failure.ofReply(Stage.MAIL, connection.reply()));
        if (!mailAccepted && !extensions.pipelining()) {
            finish(true);
            return;
        }
        awaitRecipient(nextRecipient(0));
    }

    private void awaitRecipient(int i) {
        recipient = i;
        if (i < recipients().size()) {
            awaited = Awaited.RCPT;
            connection.await(connection.timeouts().command());
            if (!extensions.pipelining())
                single(out -> Commands.rcpt(out, recipients().get(i), extensions.dsn()));
        } else if (extensions.pipelining() || accepted > 0) {
            awaited = Awaited.DATA;
            connection.await(connection.timeouts().dataInitiation());
            if (!extensions.pipelining())
                single(Commands::data);
        } else {
            finish(true);
        }
    }

    private void onRcpt(int code) {
        if (!expected(code, 2))
            return;
        if (code < 400)
            accepted++;
        else if (failure == null)
            refuse(recipient, Failure.ofReply(Stage.RCPT, connection.reply()));
        awaitRecipient(nextRecipient(recipient + 1));
    }

    private void onData(int code) {
        if (!expected(code, 3))
            return;
        if (code >= 400) {
            if (accepted > 0)
                fail(Failure.ofReply(Stage.DATA, connection.reply()));
            finish(true);
        } else if (accepted == 0) {
            // RFC 2920 §3.1: the server waits for data nobody shall get. A lone dot ends it; its reply means nothing.
            awaited = Awaited.LONE_DOT;
            connection.await(connection.timeouts().dataTermination());
            single(Commands::loneDot);
        } else if (failure != null) {
            // MAIL was refused and yet a recipient accepted: even a lone dot might deliver an empty message.
            finish(false);
        } else {
            awaited = Awaited.BODY;
            body = new BodyWriter(connection.channel(), message.content(), this::bodyWritten);
            connection.await(connection.timeouts().dataSend());
            pump();
        }
    }

    private void onEarlyReply(int code) {
        if (code >= 400)
            fail(Failure.ofReply(Stage.DATA, connection.reply()));
        else
            fail(protocol(code));
        finish(false);
    }

    private void onEnd(int code) {
        if (!expected(code, 2))
            return;
        if (code >= 400)
            fail(Failure.ofReply(Stage.DATA_END, connection.reply()));
        finish(true);
    }

    /** Says whether the reply is of the class awaited, or a refusal. */
    private boolean expected(int code, int positiveClass) {
        if (code >= 400 || code / 100 == positiveClass)
            return true;
        fail(protocol(code));
        finish(false);
        return false;
    }

    private Failure protocol(int code) {
        return Failure.of(awaited.stage, Cause.PROTOCOL,
                "EPROTO: reply " + code + " in " + awaited.stage + " from " + connection.host());
    }

    // ---- data

    void writable() {
        if (awaited == Awaited.BODY && !body.done())
            pump();
    }

    private void pump() {
        if (finished)
            return;
        long before = body.position();
        try {
            if (!body.pump())
                connection.loop().execute(this::pump);
        } catch (IOException | RuntimeException e) {
            lost(Cause.CONNECTION_LOST, "cannot read the message content: " + e);
            return;
        }
        if (body.position() > before && awaited == Awaited.BODY)
            connection.await(connection.timeouts().dataSend());
    }

    /** The final dot has left this process, or never will. From here on the peer may have taken the message. */
    private void bodyWritten(ChannelFuture written) {
        if (finished)
            return;
        if (!written.isSuccess()) {
            connection.writeFailed();
            return;
        }
        awaited = Awaited.END;
        connection.await(connection.timeouts().dataTermination());
    }

    // ---- the end

    /** The connection is no more. */
    void lost(Cause cause, String detail) {
        fail(Failure.of(awaited.stage, cause, detail));
        finish(false);
    }

    private void fail(Failure why) {
        if (failure == null && !(accepted == 0 && awaited.stage.compareTo(Stage.DATA) >= 0))
            failure = why;
    }

    private void finish(boolean inStep) {
        if (finished)
            return;
        finished = true;
        if (body != null)
            body.close();
        List<Failure> each = refused == null ? nobodyRefused() : Arrays.asList(refused);
        if (failure == null && accepted == 0)
            failure = each.getFirst();
        Reply taken = failure == null ? connection.reply() : null;
        boolean resetFirst = started ? mailAccepted && awaited != Awaited.END : reset;
        connection.finish(new TransactionResult(failure, taken, each, body == null ? 0 : body.position(),
                refusals, extensions.dsn()), inStep, resetFirst);
    }

    private List<Failure> nobodyRefused() {
        return Collections.nCopies(recipients().size(), null);
    }

    private void refuse(int i, Failure why) {
        if (refused == null)
            refused = new Failure[recipients().size()];
        refused[i] = why;
    }

    /** The first recipient at or behind {@code i} that is spoken of on the wire; the number of recipients if none. */
    private int nextRecipient(int i) {
        int next = i;
        while (refused != null && next < refused.length && refused[next] != null)
            next++;
        return next;
    }

    private List<Recipient> recipients() {
        return message.recipients();
    }
}
