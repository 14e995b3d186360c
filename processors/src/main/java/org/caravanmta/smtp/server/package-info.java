/**
 * The SMTP server: what a client says becomes one {@link org.caravanmta.message.SubmittedMessage}, and what the next
 * handler answers becomes the reply. Read {@link org.caravanmta.smtp.server.SmtpServerPipeline} for the outside,
 * {@code SmtpSession} for the protocol and {@code TextScanner} for the bytes of a message.
 * <p>
 * Everything of one connection belongs to its event loop. Must not know Camel, queues or what becomes of a message.
 */
package org.caravanmta.smtp.server;
