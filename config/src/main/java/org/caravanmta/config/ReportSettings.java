package org.caravanmta.config;

import org.caravanmta.config.dsn.ReportWording;

/**
 * Delivery status notifications (RFC 3464) that the gateway makes.
 *
 * @param maxRate how many of them one address may get
 * @param wording what they say to people
 */
public record ReportSettings(Rate maxRate, ReportWording wording) {

    /** What holds when nothing is said. */
    public static final ReportSettings DEFAULT = new ReportSettings(Rate.parse("1000/h"), ReportWording.DEFAULT);
}
