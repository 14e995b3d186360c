package org.caravanmta.smtp.client;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.caravanmta.config.Login;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Stage;
import org.caravanmta.tls.TlsClient;
import org.caravanmta.tls.TlsDemand;
import org.caravanmta.tls.TlsDemand.Level;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;

/**
 * From the greeting until mail may be sent: EHLO, or HELO with hosts that do not know it (RFC 5321 §3.2), STARTTLS and
 * EHLO once more (RFC 3207), and the login (RFC 4954). What the host said before TLS is forgotten with it.
 */
final class Opening {

    private enum Step {
        GREETING(Stage.GREETING), EHLO(Stage.EHLO), HELO(Stage.EHLO), STARTTLS(Stage.STARTTLS), HANDSHAKE(
                Stage.STARTTLS), LOGIN(Stage.AUTH);

        private final Stage stage;

        Step(Stage stage) {
            this.stage = stage;
        }
    }

    private static final int LONGEST_WORDS = 160;

    private final ClientConnection connection;
    private final ConnectRequest request;
    private final TlsClient tls;
    private final TlsDemand demand;
    private Step step = Step.GREETING;
    private Reply ehloRefusal;
    private Extensions extensions = Extensions.NONE;
    /** Null without TLS. */
    private SSLSession session;
    private LoginTalk login;

    Opening(ClientConnection connection, ConnectRequest request, TlsClient tls) {
        this.connection = connection;
        this.request = request;
        this.tls = tls;
        this.demand = request.tls();
    }

    void start() {
        connection.await(request.settings().timeouts().greeting());
    }

    Extensions extensions() {
        return extensions;
    }

    /** Null without TLS. */
    SSLSession session() {
        return session;
    }

    boolean textWanted() {
        return step == Step.EHLO || step == Step.LOGIN;
    }

    // ---- replies

    void onReply(int code) {
        switch (step) {
            case GREETING -> greeting(code);
            case EHLO -> ehlo(code);
            case HELO -> helo(code);
            case STARTTLS -> starttls(code);
            case LOGIN -> login(code);
            case HANDSHAKE -> protocol(code);
        }
    }

    private void protocol(int code) {
        lost(Cause.PROTOCOL, "EPROTO: reply " + code + " to " + step + " from " + connection.host());
    }

    private void greeting(int code) {
        if (code >= 400)
            connection.refused(Stage.GREETING, connection.reply());
        else if (code >= 300)
            lost(Cause.PROTOCOL, "EPROTO: greeting " + code + " from " + connection.host());
        else
            hello(Step.EHLO);
    }

    private void hello(Step next) {
        say(next, next + " " + request.ehloName());
    }

    private void say(Step next, String line) {
        step = next;
        connection.await(request.settings().timeouts().command());
        ByteBuf out = connection.channel().alloc().directBuffer(64);
        ByteBufUtil.writeUtf8(out, line);
        connection.write(out.writeByte('\r').writeByte('\n'));
    }

    private void ehlo(int code) {
        if (code >= 500) {
            ehloRefusal = connection.reply();
            hello(Step.HELO);
        } else if (code >= 400) {
            connection.refused(Stage.EHLO, connection.reply());
        } else if (code >= 300) {
            protocol(code);
        } else {
            extensions = Extensions.parse(connection.textLines(), request.settings());
            if (inStep())
                greeted();
        }
    }

    private void helo(int code) {
        if (code >= 400)
            connection.refused(Stage.EHLO, connection.reply());
        else if (code >= 300)
            protocol(code);
        else if (inStep())
            greeted();
    }

    private boolean inStep() {
        if (!connection.moreInput())
            return true;
        lost(Cause.PROTOCOL, "EPROTO: more than one reply to EHLO from " + connection.host());
        return false;
    }

    private void greeted() {
        ehloRefusal = null;
        if (session == null && demand.level() != Level.NEVER) {
            if (extensions.startTls()) {
                say(Step.STARTTLS, "STARTTLS");
                return;
            }
            if (demand.required()) {
                noTls(connection.host() + " does not offer STARTTLS");
                return;
            }
        }
        logIn();
    }

    // ---- TLS

    private void starttls(int code) {
        if (code >= 400 && !demand.required() && code != 421)
            logIn();
        else if (code >= 400)
            noTls("STARTTLS is refused by " + connection.host() + ": " + connection.reply());
        else if (code >= 300)
            protocol(code);
        else if (connection.moreInput())
            noTls("somebody has put words between STARTTLS and the handshake with " + connection.host());
        else
            handshake();
    }

    private void handshake() {
        step = Step.HANDSHAKE;
        SslHandler handler;
        try {
            handler = tls.handler(connection.channel().alloc(), demand.settings(), demand.sni(),
                    request.remote().getPort());
        } catch (SSLException e) {
            noTls("TLS cannot be spoken: " + words(e));
            return;
        }
        connection.await(request.settings().timeouts().command());
        connection.channel().pipeline().addFirst(handler);
        handler.handshakeFuture().addListener((Future<Object> f) -> {
            if (f.isSuccess())
                encrypted(handler.engine().getSession());
            else
                noTls("the TLS handshake with " + connection.host() + " failed: " + words(f.cause()));
        });
    }

    private void encrypted(SSLSession made) {
        if (!connection.opening())
            return;
        String mismatch = demand.check() == null ? null : demand.check().mismatch(chain(made), Instant.now());
        if (mismatch != null) {
            made.invalidate(); // the next one shows its certificate anew
            noTls(demand.by() + " demands TLS, but of " + connection.host() + ": " + mismatch);
            return;
        }
        session = made;
        extensions = Extensions.NONE;
        hello(Step.EHLO);
    }

    private static List<X509Certificate> chain(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate c : session.getPeerCertificates())
                if (c instanceof X509Certificate x)
                    chain.add(x);
        } catch (SSLPeerUnverifiedException _) {
            // it shows none
        }
        return chain;
    }

    /** Where TLS is only wished for, the host may be tried without. */
    private void noTls(String why) {
        connection.fail(Stage.STARTTLS, demand.required() ? Cause.TLS_MISSING : Cause.TLS_BROKEN,
                demand.required() && !why.startsWith(demand.by()) ? why + " (" + demand.by() + ")" : why);
    }

    /** The provider's words, on one line and shortened: it may repeat all that the peer said, in hexadecimal. */
    static String words(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root)
            root = root.getCause();
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return (text.length() > LONGEST_WORDS ? text.substring(0, LONGEST_WORDS) + "…" : text)
                .replaceAll("\\p{Cntrl}", " ");
    }

    // ---- login

    private void logIn() {
        Login account = request.settings().login();
        if (account == null) {
            connection.opened();
            return;
        }
        login = LoginTalk.with(account, extensions.authMechanisms(), session != null);
        if (login == null)
            connection.fail(Stage.AUTH, Cause.LOGIN_IMPOSSIBLE, connection.host()
                    + (extensions.authMechanisms().isEmpty() ? " offers no login"
                            : " offers no login that may be used "
                                    + (session == null ? "without TLS (use-unencrypted-plain-auth)" : "")));
        else
            say(Step.LOGIN, login.begin());
    }

    private void login(int code) {
        if (code >= 400)
            connection.refused(Stage.AUTH, connection.reply());
        else if (code >= 300) {
            String answer = login.answer(connection.textLines()[0]);
            if (answer == null)
                protocol(code);
            else
                say(Step.LOGIN, answer);
        } else if (inStep())
            connection.opened();
    }

    // ---- the end

    void expired() {
        switch (step) {
            case GREETING -> lost(Cause.NO_CONNECTION,
                    "ETIMEDOUT waiting for the greeting of " + connection.host());
            case EHLO, HELO -> lost(Cause.CONNECTION_LOST,
                    "ETIMEDOUT waiting for the reply to EHLO from " + connection.host());
            default -> lost(Cause.CONNECTION_LOST, "ETIMEDOUT in " + step + " with " + connection.host());
        }
    }

    void lost(Cause cause, String detail) {
        switch (step) {
            case GREETING -> connection.fail(Stage.GREETING, cause == Cause.PROTOCOL ? cause : Cause.NO_CONNECTION,
                    detail);
            case HELO -> {
                if (cause == Cause.CONNECTION_LOST)
                    connection.refused(Stage.EHLO, ehloRefusal);
                else
                    connection.fail(Stage.EHLO, cause, detail);
            }
            case STARTTLS, HANDSHAKE -> noTls(detail);
            case EHLO, LOGIN -> connection.fail(step.stage, cause, detail);
        }
    }
}
