package org.caravanmta.smtp.server;

import io.netty.channel.ChannelPipeline;

/**
 * The door of this package. The handler it installs fires exactly one
 * {@link org.caravanmta.message.SubmittedMessage} per message up the pipeline; the next handler answers each by writing
 * one {@link org.caravanmta.smtp.Reply} to the channel, from any thread. Anything else that is written (or closing the
 * channel, or an exception fired up the pipeline) answers 451 4.3.0.
 * <p>
 * The next handler owns the message until it answers and calls {@code discard} on it; the answer discards it as well.
 */
public final class SmtpServerPipeline {

    /** Name of the handler in the pipeline. */
    public static final String HANDLER = "smtp";

    private SmtpServerPipeline() {
    }

    /**
     * Installs the handler without a named source. To be called in {@code initChannel}, before the handler that takes
     * the messages is added.
     */
    public static void install(ChannelPipeline pipeline, SmtpServerContext context) {
        install(pipeline, context, null, false);
    }

    /**
     * @param source       the listener's named source; null when it has none
     * @param immediateTls TLS from the first byte (RFC 8314)
     * @see #install(ChannelPipeline, SmtpServerContext)
     */
    public static void install(ChannelPipeline pipeline, SmtpServerContext context, String source,
            boolean immediateTls) {
        pipeline.addLast(HANDLER, new SmtpServerHandler(context, source, immediateTls));
    }
}
