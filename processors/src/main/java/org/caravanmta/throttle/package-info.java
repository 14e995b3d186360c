/**
 * How fast: exact limits over sliding windows. Read {@link org.caravanmta.throttle.SlidingWindow}. Must not know
 * queues, connections or Camel.
 */
package org.caravanmta.throttle;
