package org.caravanmta.bounce;

import org.caravanmta.config.DomainSettings;
import org.caravanmta.smtp.Failure;
import org.caravanmta.smtp.Failure.Cause;
import org.caravanmta.smtp.Stage;

/**
 * The one place that decides what a failure means: at which stage, for whom, with which reply. Pure functions of their
 * arguments; any thread.
 */
public final class FailurePolicy {

    /** What to do when a connection could not be made ready. */
    public enum ConnectVerdict {
        /** Another host of the destination may take the mail. */
        NEXT_HOST,
        /** The same host may take it without TLS. */
        WITHOUT_TLS,
        /** The destination waits for its next attempt. */
        DEFER,
        /** The mail of this destination can never be delivered. */
        BOUNCE,
        /** The fault is on our side: the source address is not on this machine. The VirtualMTA waits. */
        SOURCE_MISSING
    }

    /** What to do when a message or one of its recipients was not taken. */
    public enum MessageVerdict {
        DEFER, BOUNCE,
        /** Nothing was transferred and the connection was stale: try at once on a fresh connection. */
        AGAIN
    }

    private FailurePolicy() {
    }

    /**
     * @param moreHosts whether hosts are left that were not tried
     */
    public static ConnectVerdict connection(Failure failure, boolean moreHosts, DomainSettings settings) {
        return switch (failure.cause()) {
            case SOURCE_ADDRESS_MISSING -> ConnectVerdict.SOURCE_MISSING;
            case NO_SUCH_DOMAIN, NULL_MX -> ConnectVerdict.BOUNCE;
            case NO_MAIL_HOST -> settings.bounceUponNoMx() ? ConnectVerdict.BOUNCE : ConnectVerdict.DEFER;
            case DNS_TEMPORARY -> ConnectVerdict.DEFER;
            case REPLY -> {
                if (moreHosts)
                    yield ConnectVerdict.NEXT_HOST;
                boolean aboutUs = failure.stage() == Stage.AUTH; // a wrong password is no reason to bounce
                yield failure.reply().permanent() && settings.bounceUpon5xxGreeting() && !aboutUs
                        ? ConnectVerdict.BOUNCE
                        : ConnectVerdict.DEFER;
            }
            case TLS_BROKEN -> ConnectVerdict.WITHOUT_TLS;
            case NO_CONNECTION, CONNECTION_LOST, PROTOCOL, EXTENSION_MISSING, TLS_MISSING, LOGIN_IMPOSSIBLE ->
                moreHosts ? ConnectVerdict.NEXT_HOST : ConnectVerdict.DEFER;
        };
    }

    /**
     * @param reused the connection had carried a message before this one
     */
    public static MessageVerdict message(Failure failure, boolean reused) {
        return switch (failure.cause()) {
            case REPLY -> reply(failure, reused);
            case CONNECTION_LOST -> reused && nothingTransferred(failure) ? MessageVerdict.AGAIN : MessageVerdict.DEFER;
            case EXTENSION_MISSING, NO_SUCH_DOMAIN, NULL_MX, NO_MAIL_HOST -> MessageVerdict.BOUNCE;
            case NO_CONNECTION, PROTOCOL, DNS_TEMPORARY, SOURCE_ADDRESS_MISSING, TLS_BROKEN, TLS_MISSING,
                    LOGIN_IMPOSSIBLE ->
                MessageVerdict.DEFER;
        };
    }

    private static MessageVerdict reply(Failure failure, boolean reused) {
        if (failure.reply().code() == 421 && reused && nothingTransferred(failure))
            return MessageVerdict.AGAIN;
        return failure.reply().permanent() ? MessageVerdict.BOUNCE : MessageVerdict.DEFER;
    }

    /** A peer that closes an idle connection is noticed at the next MAIL: no message was touched. */
    private static boolean nothingTransferred(Failure failure) {
        return failure.stage() == Stage.MAIL && failure.cause() != Cause.NO_CONNECTION;
    }
}
