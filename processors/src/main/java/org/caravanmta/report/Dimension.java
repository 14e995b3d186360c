package org.caravanmta.report;

import java.util.Locale;

/** By what records are counted. */
public enum Dimension {
    HOUR("Hours", "hour"), VMTA("VirtualMTAs", "VirtualMTA"), POOL("Pools", "pool"), JOB("Jobs",
            "job"), DOMAIN("Domains", "domain"), CATEGORY("Bounce categories", "category");

    private final String title;
    private final String column;

    Dimension(String title, String column) {
        this.title = title;
        this.column = column;
    }

    String title() {
        return title;
    }

    String column() {
        return column;
    }

    /** As it is said on a command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
