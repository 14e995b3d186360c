/**
 * How single values are written: BOOLEAN, SIZE, TIME-INTERVAL, addresses and names. Read {@link
 * org.caravanmta.config.value.Grammar} first, then {@link org.caravanmta.config.value.Interval} as an example. Knows
 * neither files nor YAML nor what a value is used for.
 */
package org.caravanmta.config.value;
