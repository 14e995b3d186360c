package org.caravanmta.smtp;

/**
 * An enhanced mail system status code: {@code class.subject.detail} (RFC 3463).
 */
public record EnhancedStatusCode(int classCode, int subject, int detail) {

    @Override
    public String toString() {
        return classCode + "." + subject + "." + detail;
    }
}
