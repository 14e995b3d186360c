/**
 * How a command reaches the running gateway on the same machine: a Unix socket below its home that only its own user can
 * open, one JSON object each way. Read {@link org.caravanmta.control.ControlServer}, then
 * {@link org.caravanmta.control.Requests}.
 */
package org.caravanmta.control;
