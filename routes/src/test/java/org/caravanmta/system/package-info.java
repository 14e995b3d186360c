/**
 * The whole gateway against a receiver and clients that speak SMTP. Read {@link org.caravanmta.system.LocalGateway} (in
 * this JVM) and {@link org.caravanmta.system.GatewayProcess} (in one of its own, to be killed), then
 * {@link org.caravanmta.system.Books}: after each test every accepted recipient is accounted for. Recipients are never
 * used twice, so that one address stands for one recipient of one message.
 */
package org.caravanmta.system;
