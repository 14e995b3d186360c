package org.caravanmta.config;

import org.caravanmta.config.value.Secret;

/**
 * Who may connect to the broker.
 *
 * @param name   letters, digits, {@code _} and {@code -}
 * @param source the named source whose rights its mail has
 */
public record BrokerUser(String name, Secret password, String source) {
}
