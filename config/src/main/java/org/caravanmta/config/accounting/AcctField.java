package org.caravanmta.config.accounting;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The columns that a record may have, besides {@code header_X}; in the order of the default ones. */
public enum AcctField {

    TYPE("type"), TIME_LOGGED("timeLogged"), TIME_QUEUED("timeQueued"), TOTAL_SECONDS_QUEUED(
            "totalSecondsQueued"), TIME_FIRST_ATTEMPT("timeFirstAttempt"), ORIG(
                    "orig"), RCPT("rcpt"), ORCPT("orcpt"), DSN_ACTION("dsnAction"), DSN_STATUS("dsnStatus"), DSN_DIAG(
                            "dsnDiag"), DSN_MTA("dsnMta"), BOUNCE_CAT("bounceCat"), SRC_TYPE("srcType"), SRC_MTA(
                                    "srcMta"), RCV_SOURCE_IP("rcvSourceIp"), RCV_DESTINATION_IP(
                                            "rcvDestinationIp"), RCV_SMTP_USER("rcvSmtpUser"), DLV_TYPE(
                                                    "dlvType"), DLV_SOURCE_IP("dlvSourceIp"), DLV_DESTINATION_IP(
                                                            "dlvDestinationIp"), DLV_ESMTP_AVAILABLE(
                                                                    "dlvEsmtpAvailable"), DLV_SIZE(
                                                                            "dlvSize"), DLV_TLS_PROTOCOL(
                                                                                    "dlvTlsProtocol"), DLV_TLS_CIPHER(
                                                                                            "dlvTlsCipher"), VMTA(
                                                                                                    "vmta"), JOB_ID(
                                                                                                            "jobId"), ENV_ID(
                                                                                                                    "envId"), QUEUE(
                                                                                                                            "queue"), VMTA_POOL(
                                                                                                                                    "vmtaPool"), USER_STRING(
                                                                                                                                            "userString"), RECORD_ID(
                                                                                                                                                    "recordId");

    private static final Set<AcctField> ASKED = EnumSet.of(TOTAL_SECONDS_QUEUED, TIME_FIRST_ATTEMPT, RCV_SOURCE_IP,
            RCV_DESTINATION_IP, RCV_SMTP_USER, DLV_TLS_PROTOCOL, DLV_TLS_CIPHER, USER_STRING, RECORD_ID);
    private static final Set<AcctField> ATTEMPT = EnumSet.complementOf(
            EnumSet.of(RCV_SOURCE_IP, RCV_DESTINATION_IP, RCV_SMTP_USER));
    private static final Set<AcctField> QUEUE_ATTEMPT = EnumSet.of(TYPE, TIME_LOGGED, DSN_STATUS, DSN_DIAG, DSN_MTA,
            BOUNCE_CAT, DLV_TYPE, DLV_SOURCE_IP, DLV_DESTINATION_IP, VMTA, QUEUE, USER_STRING, RECORD_ID);
    private static final Set<AcctField> RECEIPT = EnumSet.of(TYPE, TIME_LOGGED, TIME_QUEUED, ORIG, RCPT, ORCPT,
            SRC_TYPE,
            SRC_MTA, RCV_SOURCE_IP, RCV_DESTINATION_IP, RCV_SMTP_USER, VMTA, JOB_ID, ENV_ID, QUEUE, VMTA_POOL,
            USER_STRING, RECORD_ID);
    private static final List<AcctField> RECEIPT_DEFAULT = List.of(TYPE, TIME_LOGGED, ORIG, RCPT, ORCPT, SRC_TYPE,
            SRC_MTA, RCV_SOURCE_IP, RCV_DESTINATION_IP, VMTA, VMTA_POOL, JOB_ID, ENV_ID);
    private static final List<AcctField> QUEUE_DEFAULT = List.of(TYPE, TIME_LOGGED, DSN_STATUS, DSN_DIAG, DSN_MTA,
            DLV_TYPE, DLV_SOURCE_IP, DLV_DESTINATION_IP, VMTA, QUEUE);
    private static final List<AcctField> ATTEMPT_DEFAULT = ATTEMPT.stream().filter(f -> !ASKED.contains(f)).toList();

    private final String word;

    AcctField(String word) {
        this.word = word;
    }

    /** The name of the column. */
    public String word() {
        return word;
    }

    /** Whether a record of this type has it. */
    public boolean in(RecordType type) {
        return switch (type) {
            case D, B, T -> ATTEMPT.contains(this);
            case TQ -> QUEUE_ATTEMPT.contains(this);
            case R -> RECEIPT.contains(this);
        };
    }

    /** The columns of a type when nothing else is said: what {@code *} means. */
    public static List<AcctField> defaults(RecordType type) {
        return switch (type) {
            case D, B, T -> ATTEMPT_DEFAULT;
            case TQ -> QUEUE_DEFAULT;
            case R -> RECEIPT_DEFAULT;
        };
    }

    /** By its exact name; null when there is none. */
    public static AcctField of(String word) {
        for (AcctField f : values())
            if (f.word.equals(word))
                return f;
        return null;
    }

    /** Names of all columns of a type. */
    public static Set<String> words(RecordType type) {
        Set<String> words = new LinkedHashSet<>();
        for (AcctField f : values())
            if (f.in(type))
                words.add(f.word);
        return words;
    }
}
