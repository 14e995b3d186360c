/**
 * Every accepted recipient's outcome, as one record in a file. Read {@link org.caravanmta.accounting.AttemptRecords}
 * (from outcomes to records), {@link org.caravanmta.accounting.AccountingCodec} (as they travel in the acknowledging
 * transaction) and {@link org.caravanmta.accounting.AccountingExporter} (into the file, each exactly once). Must not know
 * Camel or the broker, only {@link org.caravanmta.queue.EventLog}.
 */
package org.caravanmta.accounting;
