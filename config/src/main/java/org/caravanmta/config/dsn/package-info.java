/**
 * What delivery status notifications say to people: subject and text of each kind, with named fields. Read {@link
 * org.caravanmta.config.dsn.Wording}. Must not know messages.
 */
package org.caravanmta.config.dsn;
