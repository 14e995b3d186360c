package org.caravanmta.report;

import java.io.IOException;
import java.util.Locale;

/** How a report is written. */
public enum ReportFormat {
    TEXT, CSV, XML, JSON, HTML;

    /** In UTF-8; nothing of it can steer a terminal, a spreadsheet or a browser. */
    public void write(Report report, Appendable out) throws IOException {
        switch (this) {
            case TEXT -> TextReport.write(report, out);
            case CSV -> CsvReport.write(report, out);
            case XML -> XmlReport.write(report, out);
            case JSON -> JsonReport.write(report, out);
            case HTML -> new HtmlReport(report, out).write();
        }
    }

    /** By the end of a file's name; text for any other. */
    public static ReportFormat ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (ReportFormat f : values())
            if (lower.endsWith("." + f.name().toLowerCase(Locale.ROOT)))
                return f;
        return TEXT;
    }
}
