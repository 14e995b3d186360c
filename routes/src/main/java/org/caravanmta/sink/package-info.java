/**
 * The built-in test MX: takes mail, answers as told, counts. Read {@link org.caravanmta.sink.Sink} and
 * {@link org.caravanmta.sink.SinkSession}. Shares no protocol code with the gateway, so that both cannot have the same
 * mistake.
 */
package org.caravanmta.sink;
