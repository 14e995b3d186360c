package org.caravanmta.submission.intake;

import org.caravanmta.smtp.Reply;

/** Why a message or an address is not taken, whichever way it came. */
public final class Refusals {

    public static final Reply SENDER_SYNTAX = Reply.of(501, "5.1.7", "Bad sender address syntax");
    public static final Reply RECIPIENT_SYNTAX = Reply.of(501, "5.1.3", "Bad recipient address syntax");
    public static final Reply RELAYING_DENIED = Reply.of(550, "5.7.1", "Relaying denied");
    public static final Reply NO_MAILBOXES = Reply.of(550, "5.1.1", "No mailboxes here: recipient needs a domain");
    public static final Reply NEEDS_SMTPUTF8 = Reply.of(553, "5.6.7", "Address needs SMTPUTF8");
    public static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3", "Too many recipients");
    public static final Reply NO_RECIPIENTS = Reply.of(554, "5.5.1", "No valid recipients");
    public static final Reply TOO_BIG = Reply.of(552, "5.3.4", "Message too big");
    static final Reply HEADER_TOO_BIG = Reply.of(552, "5.3.4", "Message header too big");
    static final Reply BARE_LINE_END = Reply.of(550, "5.6.0",
            "Bare CR or bare LF in message: lines end in CR LF");
    static final Reply NUL_IN_MESSAGE = Reply.of(550, "5.6.0", "NUL in message");
    static final Reply TEXT_LINE_TOO_LONG = Reply.of(550, "5.6.0", "Line too long in message");
    static final Reply LOOP = Reply.of(554, "5.4.6", "Too many hops");
    public static final Reply NO_STORAGE = Reply.of(452, "4.3.1", "Insufficient system storage, try again later");
    public static final Reply NOT_TAKEN = Reply.of(451, "4.3.0", "Message could not be taken, try again later");

    private Refusals() {
    }

    static Reply controlCharacterIn(String field) {
        return Reply.of(550, "5.6.0", "Control character in " + field);
    }
}
