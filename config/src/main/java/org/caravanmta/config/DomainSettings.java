package org.caravanmta.config;

import java.time.Duration;
import java.util.List;

import org.caravanmta.config.tls.ClientTls;

/**
 * The effective settings of one queue, every value present (defaults: {@code POWERMTA} directive defaults).
 *
 * @param smtpHosts next hops instead of MX lookup, by level: the hosts of a level share its load, the next level is
 *                  used when all of the former failed; empty means MX
 * @param disableMxRollup the domain keeps a queue of its own, whatever its MXs are
 * @param retryAfter waits before each further attempt; the last one repeats
 * @param retryAfterDnsError wait before DNS is asked again after a temporary error
 * @param tls how connections are encrypted
 * @param login null when there is none
 * @param reporting delivery status notifications about its mail
 */
public record DomainSettings(List<List<NextHop>> smtpHosts, int maxSmtpOut, Rate maxMsgRate, int maxMsgPerConnection,
        int maxRcptPerTransaction, List<Duration> retryAfter, Duration retryAfterDnsError,
        Duration bounceAfter, int defaultSmtpPort,
        int mxConnectionAttempts, boolean bounceUponNoMx, boolean bounceUpon5xxGreeting, boolean ignorePipelining,
        boolean ignore8bitmime, boolean ignoreChunking, boolean disableMxRollup, Timeouts timeouts, Limits limits,
        ClientTls tls, Login login, Reporting reporting) {

    /** TLS as by default, and no login. */
    public DomainSettings(List<List<NextHop>> smtpHosts, int maxSmtpOut, Rate maxMsgRate, int maxMsgPerConnection,
            int maxRcptPerTransaction, List<Duration> retryAfter, Duration retryAfterDnsError, Duration bounceAfter,
            int defaultSmtpPort,
            int mxConnectionAttempts, boolean bounceUponNoMx, boolean bounceUpon5xxGreeting, boolean ignorePipelining,
            boolean ignore8bitmime, boolean ignoreChunking, boolean disableMxRollup, Timeouts timeouts,
            Limits limits) {
        this(smtpHosts, maxSmtpOut, maxMsgRate, maxMsgPerConnection, maxRcptPerTransaction, retryAfter,
                retryAfterDnsError, bounceAfter, defaultSmtpPort, mxConnectionAttempts, bounceUponNoMx,
                bounceUpon5xxGreeting, ignorePipelining,
                ignore8bitmime, ignoreChunking, disableMxRollup, timeouts, limits, ClientTls.DEFAULT, null,
                Reporting.DEFAULT);
    }

    /** The same with other TLS and login. */
    public DomainSettings with(ClientTls otherTls, Login otherLogin) {
        return new DomainSettings(smtpHosts, maxSmtpOut, maxMsgRate, maxMsgPerConnection, maxRcptPerTransaction,
                retryAfter, retryAfterDnsError, bounceAfter, defaultSmtpPort, mxConnectionAttempts, bounceUponNoMx,
                bounceUpon5xxGreeting,
                ignorePipelining, ignore8bitmime, ignoreChunking, disableMxRollup, timeouts, limits, otherTls,
                otherLogin, reporting);
    }

    /** The same with other rules for reports. */
    public DomainSettings with(Reporting other) {
        return new DomainSettings(smtpHosts, maxSmtpOut, maxMsgRate, maxMsgPerConnection, maxRcptPerTransaction,
                retryAfter, retryAfterDnsError, bounceAfter, defaultSmtpPort, mxConnectionAttempts, bounceUponNoMx,
                bounceUpon5xxGreeting, ignorePipelining, ignore8bitmime, ignoreChunking, disableMxRollup, timeouts,
                limits, tls, login, other);
    }

    /** Whether {@code bounce-after} has passed for a message; both in epoch milliseconds. */
    public boolean expired(long queuedAtMs, long nowMs) {
        return nowMs - queuedAtMs >= bounceAfter.toMillis();
    }

    /** A host name or address literal with its port. {@code lookupMx}: the name is a domain whose MXs are meant. */
    public record NextHop(String host, int port, boolean lookupMx) {
    }

    /**
     * What a queue may use beside {@code max-smtp-out} and {@code max-msg-rate}.
     *
     * @param maxDataVolumeRate      bytes of message data by time
     * @param maxConnectRate         attempts to connect by time
     * @param smtpOutRampupInterval  after the first connection one more in each interval; zero: all at once
     * @param maxErrorsPerConnection refusals after which a connection is ended; 0 is unlimited
     * @param perSource              what each source address may use of it
     */
    public record Limits(Rate maxDataVolumeRate, Rate maxConnectRate, Duration smtpOutRampupInterval,
            int maxErrorsPerConnection, SourceLimits perSource) {

        public static final Limits NONE = new Limits(Rate.UNLIMITED, Rate.UNLIMITED, Duration.ZERO, 0,
                SourceLimits.NONE);
    }

    /**
     * Delivery status notifications (RFC 3461, 3464).
     *
     * @param delayEvery how often the sender is told of a delay that it asked to hear of; zero is never
     * @param ignoreDsn  what the sender asks for is not passed on to hosts that offer DSN
     */
    public record Reporting(Duration delayEvery, boolean ignoreDsn) {

        public static final Reporting DEFAULT = new Reporting(Duration.ofHours(4), false);
    }

    /** What each source address may use within one queue; the most specific network holds. */
    public record SourceLimits(List<SourceValue<Integer>> maxSmtpOut, List<SourceValue<Rate>> maxMsgRate,
            List<SourceValue<Rate>> maxConnectRate, List<SourceValue<Rate>> maxDataVolumeRate) {

        public static final SourceLimits NONE = new SourceLimits(List.of(), List.of(), List.of(), List.of());

        public boolean none() {
            return maxSmtpOut.isEmpty() && maxMsgRate.isEmpty() && maxConnectRate.isEmpty()
                    && maxDataVolumeRate.isEmpty();
        }
    }

    /** RFC 5321 §4.5.3.2. {@code idle} 0: close as soon as no message waits. */
    public record Timeouts(Duration connect, Duration greeting, Duration command, Duration dataInitiation,
            Duration dataSend, Duration dataTermination, Duration idle) {
    }
}
