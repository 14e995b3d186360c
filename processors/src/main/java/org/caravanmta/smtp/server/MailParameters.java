package org.caravanmta.smtp.server;

import org.caravanmta.config.Source;
import org.caravanmta.message.DsnRequest;
import org.caravanmta.smtp.Xtext;

/** The parameters of one MAIL command: each at most once, only after EHLO, nothing that was not announced. */
final class MailParameters {

    /** RFC 3461 §4.4. */
    private static final int MAX_ENVID = 100;

    private long sizeBytes = -1;
    private boolean body;
    private boolean smtpUtf8;
    private String ret;
    private String envid;

    /** @return null when all is well, else the reply */
    byte[] read(CommandLine line, int from, boolean extended) {
        EsmtpParameters p = new EsmtpParameters(line, from);
        while (p.next()) {
            if (!extended)
                return Replies.UNKNOWN_PARAMETER;
            byte[] problem = take(p);
            if (problem != null)
                return problem;
        }
        return p.malformed() ? Replies.PARAMETER_SYNTAX : null;
    }

    private byte[] take(EsmtpParameters p) {
        if (p.named("SIZE"))
            return takeSize(p);
        if (p.named("BODY"))
            return takeBody(p);
        if (p.named("RET"))
            return takeRet(p);
        if (p.named("ENVID"))
            return takeEnvid(p);
        if (!p.named("SMTPUTF8"))
            return Replies.UNKNOWN_PARAMETER;
        if (smtpUtf8 || p.hasValue())
            return Replies.PARAMETER_SYNTAX;
        smtpUtf8 = true;
        return null;
    }

    private byte[] takeSize(EsmtpParameters p) {
        if (sizeBytes >= 0 || (sizeBytes = p.number()) < 0)
            return Replies.PARAMETER_SYNTAX;
        return null;
    }

    /** What is declared must be right, but the bytes themselves decide which body type a message has. */
    private byte[] takeBody(EsmtpParameters p) {
        if (body || !p.hasValue())
            return Replies.PARAMETER_SYNTAX;
        body = true;
        return p.valued("7BIT") || p.valued("8BITMIME") ? null : Replies.UNKNOWN_PARAMETER;
    }

    private byte[] takeRet(EsmtpParameters p) {
        if (ret != null || !p.valued("FULL") && !p.valued("HDRS"))
            return Replies.PARAMETER_SYNTAX;
        ret = p.valued("FULL") ? "FULL" : "HDRS";
        return null;
    }

    private byte[] takeEnvid(EsmtpParameters p) {
        String value = p.value();
        if (envid != null || value == null || value.length() > MAX_ENVID || !Xtext.printable(value, false))
            return Replies.PARAMETER_SYNTAX;
        envid = value;
        return null;
    }

    /** What reports are to be like; null when neither the client nor its source says. */
    DsnRequest dsn(Source.Reporting reporting) {
        return ret == null && envid == null && reporting.equals(Source.Reporting.DEFAULT) ? null
                : new DsnRequest(ret, envid, reporting.suppressed(), reporting.fullByDefault(), 0);
    }

    /** As declared; -1 when it was not. */
    long sizeBytes() {
        return sizeBytes;
    }

    boolean smtpUtf8() {
        return smtpUtf8;
    }
}
