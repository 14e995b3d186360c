/**
 * Reports from accounting files: what became of mail, counted by VirtualMTA, pool, job, domain, category and hour. Read
 * {@link org.caravanmta.report.ReportRun} first, then {@link org.caravanmta.report.Aggregate}. Knows files only, no
 * gateway; memory is bounded whatever stands in them.
 */
package org.caravanmta.report;
