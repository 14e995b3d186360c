/**
 * What kind of failure it is: one category for each failed recipient, for records and people. Decides nothing; that is
 * {@link org.caravanmta.bounce.FailurePolicy}. Read {@link org.caravanmta.bounce.category.BounceClassifier}, then
 * {@link org.caravanmta.bounce.category.RuleBase}. Must not know queues, connections or Camel.
 */
package org.caravanmta.bounce.category;
