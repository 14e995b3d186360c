/**
 * What an operator may say of one export of accounting records: {@link org.caravanmta.config.accounting.AcctFile} holds
 * all of it. Must not know how records are written.
 */
package org.caravanmta.config.accounting;
