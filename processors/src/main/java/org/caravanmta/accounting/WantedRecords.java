package org.caravanmta.accounting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.accounting.RecordType;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.header.HeaderSection;

/** What the exports of one configuration need to have in their events, so that nothing is made that nobody takes. */
public record WantedRecords(boolean receipts, List<String> headers) {

    public static WantedRecords of(List<AcctFile> files) {
        return new WantedRecords(files.stream().anyMatch(f -> f.records().contains(RecordType.R)),
                files.stream().flatMap(f -> f.headers().stream()).distinct().toList());
    }

    /** The headers of a message that are shown; those that it has not are left out. */
    public Map<String, String> headersOf(MessageContent content) {
        if (headers.isEmpty())
            return Map.of();
        HeaderSection section = HeaderSection.of(content);
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : headers) {
            String value = section.first(name);
            if (value != null)
                found.put(name, value);
        }
        return found;
    }
}
