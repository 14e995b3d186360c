/**
 * What a failure means. Read {@link org.caravanmta.bounce.FailurePolicy}: it is the only place that decides. Must not
 * know queues, connections or Camel.
 */
package org.caravanmta.bounce;
