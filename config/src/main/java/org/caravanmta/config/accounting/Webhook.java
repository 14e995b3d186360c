package org.caravanmta.config.accounting;

import java.net.URI;
import java.time.Duration;

/**
 * Where records are posted to.
 *
 * @param extraHeaders   file with further request headers, {@code Name: value} on each line; null when there is none
 * @param maxInterval    how long records may be gathered for one request
 * @param connectTimeout until there is a connection
 * @param ioTimeout      until the response is there
 * @param gzip           whether the body is compressed
 */
public record Webhook(URI url, String extraHeaders, Duration maxInterval, Duration connectTimeout, Duration ioTimeout,
        boolean gzip) {
}
