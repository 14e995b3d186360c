/**
 * The SMTP client: one outbound connection, spoken on one event loop, bound to the source address of its VirtualMTA.
 * <p>
 * Read {@link org.caravanmta.smtp.client.SmtpConnector}, then {@link org.caravanmta.smtp.client.ClientConnection} (the
 * connection: greeting, EHLO, idle, QUIT) and {@link org.caravanmta.smtp.client.Transaction} (one message).
 * What a peer does is reported as a {@link org.caravanmta.smtp.Failure}; what that means for the message, for other
 * hosts and for later attempts is none of this room's business. It knows neither queues nor Camel nor policy.
 */
package org.caravanmta.smtp.client;
