package org.caravanmta.sink;

/** The places where a sink can be told what to answer. */
public enum SinkVerb {
    GREETING, EHLO, MAIL, RCPT, DATA, END, RSET, QUIT, STARTTLS, OTHER
}
