/**
 * The way in by files: what is moved into a folder is taken once, checked as from SMTP, submitted and deleted; what is
 * refused lies in another folder beside its reason.
 */
package org.caravanmta.submission.pickup;
