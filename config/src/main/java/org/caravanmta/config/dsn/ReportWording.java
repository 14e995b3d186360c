package org.caravanmta.config.dsn;

/**
 * The words of all reports.
 *
 * @param from    the From field; null is {@code MAILER-DAEMON} at this machine's name
 * @param failed  mail that will not be delivered
 * @param delayed mail that is still tried
 * @param relayed mail that went to a host which sends no reports of its own
 */
public record ReportWording(String from, Wording failed, Wording delayed, Wording relayed) {

    /** As shipped. */
    public static final ReportWording DEFAULT = new ReportWording(null, Wording.shipped("failed"),
            Wording.shipped("delayed"), Wording.shipped("relayed"));
}
