/**
 * What replies mean, as data: our own rules and those of an operator. Read {@link org.caravanmta.config.bounce.BounceRule}
 * and {@link org.caravanmta.config.bounce.CategoryPattern}. Must not know how a text is searched.
 */
package org.caravanmta.config.bounce;
