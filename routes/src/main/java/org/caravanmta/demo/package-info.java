/**
 * The demonstration: a gateway, a test MX and a sender in one process. Read {@link org.caravanmta.demo.Demo}. Knows the
 * gateway only as its users do: configuration file, SMTP and accounting file.
 */
package org.caravanmta.demo;
