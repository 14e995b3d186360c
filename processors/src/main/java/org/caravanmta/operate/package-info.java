/**
 * What an operator may do to a running gateway, whichever way he reaches it. Read
 * {@link org.caravanmta.operate.Operator}.
 */
package org.caravanmta.operate;
