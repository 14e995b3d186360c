package org.caravanmta.smtp;

/** Where in an SMTP session something happened (RFC 5321 §4.5.3.2). */
public enum Stage {
    DNS, CONNECT, GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DATA_END, QUIT
}
