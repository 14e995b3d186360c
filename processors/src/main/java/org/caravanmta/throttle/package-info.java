/**
 * How fast: exact limits over sliding windows, and what they have used over restarts. Read
 * {@link org.caravanmta.throttle.SlidingWindow}, then {@link org.caravanmta.throttle.LimitLedger} and
 * {@link org.caravanmta.throttle.RateWindow}, which brings the two together. Must not know queues, connections or Camel.
 */
package org.caravanmta.throttle;
