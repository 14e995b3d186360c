package org.caravanmta.report;

import java.util.List;

/** Prepared reports: what each shows, in order. */
public enum ReportKind {
    SUMMARY("Delivery report", List.of(Dimension.values()), true), DAILY("Daily summary",
            List.of(Dimension.HOUR, Dimension.VMTA, Dimension.JOB, Dimension.DOMAIN, Dimension.CATEGORY),
            true), BOUNCES("Bounce analysis", List.of(Dimension.CATEGORY, Dimension.DOMAIN, Dimension.VMTA),
                    true), VMTAS("VirtualMTA breakdown", List.of(Dimension.VMTA, Dimension.POOL, Dimension.HOUR),
                            false), JOB("Campaign",
                                    List.of(Dimension.HOUR, Dimension.DOMAIN, Dimension.VMTA, Dimension.CATEGORY),
                                    true);

    private final String title;
    private final List<Dimension> dimensions;
    private final boolean replies;

    ReportKind(String title, List<Dimension> dimensions, boolean replies) {
        this.title = title;
        this.dimensions = dimensions;
        this.replies = replies;
    }

    public String title() {
        return title;
    }

    public List<Dimension> dimensions() {
        return dimensions;
    }

    boolean replies() {
        return replies;
    }
}
