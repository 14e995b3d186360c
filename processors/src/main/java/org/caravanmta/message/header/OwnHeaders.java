package org.caravanmta.message.header;

import java.util.Arrays;

import org.caravanmta.config.Source;

/**
 * What one pass over a header section found: our own fields ({@code X-Virtual-MTA}, {@code X-Job}, {@code X-EnvID},
 * {@code X-DKIM-Options}), which are obeyed where the source allows it and always taken out, and the facts that decide what is put in. Of
 * several equal fields the first one counts. {@code X-DKIM-Key} would hold a private key: it is taken out unread.
 */
public final class OwnHeaders {

    private final Source source;
    private String virtualMta;
    private String jobId;
    private String envId;
    private String dkimOptions;
    private String invalid;
    private int hops;
    private boolean messageId;
    private boolean date;
    private int[] removed = new int[6];
    private int removals;
    private boolean seenVirtualMta;
    private boolean seenJob;
    private boolean seenEnvId;
    private boolean seenDkimOptions;

    private OwnHeaders(Source source) {
        this.source = source;
    }

    /** Reads the section {@code [from, to)}; changes nothing. */
    public static OwnHeaders read(byte[] array, int from, int to, Source source) {
        OwnHeaders own = new OwnHeaders(source);
        HeaderFields fields = new HeaderFields(array, from, to);
        while (fields.next())
            own.look(array, fields);
        return own;
    }

    private void look(byte[] a, HeaderFields f) {
        switch (a[f.start()] | 0x20) {
            case 'x' -> lookAtOwn(a, f);
            case 'r' -> hops += f.named("Received") ? 1 : 0;
            case 'm' -> messageId |= f.named("Message-ID");
            case 'd' -> date |= f.named("Date");
            default -> {
            }
        }
    }

    private void lookAtOwn(byte[] a, HeaderFields f) {
        if (f.named("X-Virtual-MTA")) {
            if (!seenVirtualMta && source.processXVirtualMta())
                virtualMta = value(a, f, "X-Virtual-MTA");
            seenVirtualMta = true;
        } else if (f.named("X-Job")) {
            if (!seenJob && source.processXJob())
                jobId = value(a, f, "X-Job");
            seenJob = true;
        } else if (f.named("X-EnvID")) {
            if (!seenEnvId && source.processXEnvid())
                envId = value(a, f, "X-EnvID");
            seenEnvId = true;
        } else if (f.named("X-DKIM-Options")) {
            if (!seenDkimOptions && source.processXDkimOptions())
                dkimOptions = value(a, f, "X-DKIM-Options");
            seenDkimOptions = true;
        } else if (!f.named("X-DKIM-Key")) {
            return;
        }
        if (removals + 2 > removed.length)
            removed = Arrays.copyOf(removed, removals * 2);
        removed[removals++] = f.start();
        removed[removals++] = f.end();
    }

    private String value(byte[] a, HeaderFields f, String name) {
        String text = FieldText.of(a, f.valueStart(), f.end());
        if (text != null && FieldText.hasControl(text))
            invalid = name;
        return text;
    }

    /**
     * Takes our fields out by moving what stands before them to the right.
     *
     * @return where the section begins now; it still ends at {@code to}
     */
    public int remove(byte[] array, int from, int to) {
        if (removals == 0)
            return from;
        int shift = 0;
        int hi = to;
        for (int i = removals - 2; i >= 0; i -= 2) {
            if (shift > 0)
                System.arraycopy(array, removed[i + 1], array, removed[i + 1] + shift, hi - removed[i + 1]);
            shift += removed[i + 1] - removed[i];
            hi = removed[i];
        }
        System.arraycopy(array, from, array, from + shift, hi - from);
        return from + shift;
    }

    /** null when none was named, or when the source may not name one. */
    public String virtualMta() {
        return virtualMta;
    }

    public String jobId() {
        return jobId;
    }

    public String envId() {
        return envId;
    }

    public String dkimOptions() {
        return dkimOptions;
    }

    /** The name of a field of ours whose value holds control characters; null when all are fine. */
    public String invalid() {
        return invalid;
    }

    /** Received fields: hops so far. */
    public int hops() {
        return hops;
    }

    public boolean hasMessageId() {
        return messageId;
    }

    public boolean hasDate() {
        return date;
    }
}
