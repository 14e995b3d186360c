/**
 * What an operator can say, as immutable records, and the reader that turns {@code caravan.yaml} into them or lists
 * everything that is wrong with it. Read {@link org.caravanmta.config.CaravanConfig} first, then {@link
 * org.caravanmta.config.ConfigReader}; directives stand in the {@code …Keys} classes, one per kind of block, with
 * their grammar, bounds and default. Must not know Camel, Artemis or sockets.
 */
package org.caravanmta.config;
