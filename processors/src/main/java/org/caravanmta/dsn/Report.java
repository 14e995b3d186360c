package org.caravanmta.dsn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.dsn.Wording;
import org.caravanmta.config.dsn.Wording.Field;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.message.header.DateText;
import org.caravanmta.smtp.Xtext;

/**
 * One multipart/report (RFC 6522): words for people, fields for programs (RFC 3464), and what was sent. Where an address
 * or a returned header needs it, its parts are those of RFC 6533 and it goes with SMTPUTF8.
 *
 * @param message    what it is about
 * @param recipients all with the same action
 * @param remoteMta  host name of the peer; null when there was none
 * @param expiresMs  epoch milliseconds until which it is tried
 * @param id         unique, and not to be guessed by whoever wrote the message
 */
record Report(QueuedMessage message, List<ReportedRecipient> recipients, Original original, String hostName,
        String from, Wording wording, String remoteMta, long expiresMs, long nowMs, String id) {

    private static final DateText DATES = new DateText(ZoneId.systemDefault());

    boolean utf8() {
        return !ascii(message.reversePath()) || recipients.stream().anyMatch(r -> !ascii(r.recipient().address()))
                || message.smtpUtf8() && original.eightBitHeader();
    }

    /** Whether it needs 8BITMIME. */
    boolean eightBit() {
        return utf8() || original.full() && original.eightBit();
    }

    private static boolean ascii(String s) {
        for (int i = 0; i < s.length(); i++)
            if (s.charAt(i) > 126)
                return false;
        return true;
    }

    MessageContent content() {
        byte[] before = before().getBytes(StandardCharsets.UTF_8);
        byte[] after = ("\r\n--" + id + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        if (!original.full())
            return new MessageContent.Inline(joined(before, returnedHeader(), after));
        if (!message.content().inMemory())
            return new MessageContent.Streamed(before.length + message.content().sizeBytes() + after.length,
                    () -> new SequenceInputStream(Collections.enumeration(List.of(new ByteArrayInputStream(before),
                            message.content().open(), new ByteArrayInputStream(after)))));
        try (InputStream in = message.content().open()) {
            return new MessageContent.Inline(joined(before, in.readAllBytes(), after));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] p : parts)
            out.writeBytes(p);
        return out.toByteArray();
    }

    private byte[] returnedHeader() {
        return original.eightBitHeader() && !utf8() ? Base64.getMimeEncoder().encode(original.header())
                : original.header();
    }

    private String before() {
        Map<Field, String> values = values();
        String subject = FieldLines.clean(Wording.fill(wording.subject(), values), true);
        FieldLines head = new FieldLines(utf8()).add("From", from).add("To", "<" + message.reversePath() + ">")
                .add("Subject", utf8() || ascii(subject) ? subject : encoded(subject))
                .add("Date", DATES.at(nowMs)).add("Message-ID", "<" + id + "@" + hostName + ">")
                .add("Auto-Submitted", "auto-replied").add("MIME-Version", "1.0")
                .add("Content-Type", "multipart/report; report-type="
                        + (utf8() ? "global-delivery-status" : "delivery-status") + "; boundary=\"" + id + "\"")
                .end();
        return head + text(Wording.fill(wording.body(), values)) + "\r\n--" + id + "\r\nContent-Type: message/"
                + (utf8() ? "global-delivery-status\r\nContent-Transfer-Encoding: 8bit" : "delivery-status")
                + "\r\n\r\n" + status() + "--" + id + "\r\n" + returnedType();
    }

    /** RFC 2047, in pieces of whole characters. */
    private static String encoded(String subject) {
        StringBuilder b = new StringBuilder();
        int[] points = subject.codePoints().limit(200).toArray();
        for (int i = 0; i < points.length; i += 10) {
            String piece = new String(points, i, Math.min(10, points.length - i));
            b.append(i == 0 ? "" : " ").append("=?utf-8?B?")
                    .append(Base64.getEncoder().encodeToString(piece.getBytes(StandardCharsets.UTF_8))).append("?=");
        }
        return b.toString();
    }

    private String text(String words) {
        String crlf = words.replace("\n", "\r\n");
        String part = "--" + id + "\r\nContent-Type: text/plain; charset=utf-8\r\n";
        return ascii(crlf) && crlf.lines().allMatch(l -> l.length() <= 900) ? part + "\r\n" + crlf
                : part + "Content-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(crlf.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private String returnedType() {
        if (original.full())
            return utf8() ? "Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                    : "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: "
                            + (original.eightBit() ? "8bit" : "7bit") + "\r\n\r\n";
        if (utf8())
            return "Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
        return "Content-Type: text/rfc822-headers\r\n"
                + (original.eightBitHeader() ? "Content-Transfer-Encoding: base64\r\n\r\n" : "\r\n");
    }

    private String status() {
        FieldLines f = new FieldLines(utf8()).add("Original-Envelope-Id", envelopeId())
                .add("Reporting-MTA", "dns; " + hostName).add("Arrival-Date", DATES.at(message.queuedAtMs())).end();
        for (ReportedRecipient r : recipients) {
            f.add("Original-Recipient", originalRecipient(r))
                    .add("Final-Recipient", (ascii(r.recipient().address()) ? "rfc822; " : "utf-8; ")
                            + r.recipient().address())
                    .add("Action", r.action().toString()).add("Status", r.status())
                    .add("Remote-MTA", r.byHost() && remoteMta != null ? "dns; " + remoteMta : null)
                    .add("Diagnostic-Code",
                            r.response() == null ? null : (r.byHost() ? "smtp; " : "x-caravan; ") + r.response())
                    .add("Last-Attempt-Date", DATES.at(nowMs))
                    .add("Will-Retry-Until", r.action() == Action.DELAYED ? DATES.at(expiresMs) : null).end();
        }
        return f.toString();
    }

    private String envelopeId() {
        return message.dsn() != null && message.dsn().envid() != null ? Xtext.decode(message.dsn().envid())
                : message.envId();
    }

    private static String originalRecipient(ReportedRecipient r) {
        String orcpt = r.recipient().orcpt();
        int semicolon = orcpt == null ? -1 : orcpt.indexOf(';');
        return semicolon < 0 ? null
                : orcpt.substring(0, semicolon) + "; " + Xtext.decode(orcpt.substring(semicolon + 1));
    }

    private Map<Field, String> values() {
        ReportedRecipient first = recipients.getFirst();
        Map<Field, String> v = new EnumMap<>(Field.class);
        v.put(Field.HOSTNAME, hostName);
        v.put(Field.SENDER, FieldLines.clean(message.reversePath(), true));
        v.put(Field.RECIPIENT, FieldLines.clean(first.recipient().address(), true));
        v.put(Field.COUNT, Integer.toString(recipients.size()));
        v.put(Field.SUBJECT, FieldLines.clean(original.subjectOrNothing(), true));
        v.put(Field.STATUS, first.status());
        v.put(Field.RESPONSE, first.response() == null ? "" : FieldLines.clean(first.response(), true));
        v.put(Field.TIMEQUEUED, DATES.at(message.queuedAtMs()));
        v.put(Field.TIMENOW, DATES.at(nowMs));
        v.put(Field.TIMEEXPIRES, DATES.at(expiresMs));
        v.put(Field.ENVID, envelopeId() == null ? "" : FieldLines.clean(envelopeId(), true));
        StringBuilder all = new StringBuilder();
        for (ReportedRecipient r : recipients) {
            String words = r.response() == null ? r.status() : FieldLines.clean(r.response(), true);
            all.append('<').append(FieldLines.clean(r.recipient().address(), true)).append(">: ")
                    .append(words, 0, Math.min(words.length(), 400)).append('\n');
        }
        v.put(Field.RECIPIENTS, all.toString());
        return v;
    }
}
