package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeCheckTest {

    private static final String RELAY = "always-allow-relaying: yes";

    private static EnvelopeCheck check(String directives) {
        return new EnvelopeCheck(Handovers.of(RELAY, directives));
    }

    private static EnvelopeCheck check() {
        return check("");
    }

    private static void refused(ThrowingCallable what, Reply why) {
        assertThatThrownBy(what).asInstanceOf(type(RefusedException.class)).extracting(RefusedException::reply)
                .isEqualTo(why);
    }

    @Test
    void senderRecipientsAndNamesMakeTheEnvelope() throws Exception {
        Envelope e = check().sender("a@from.example").recipient("b@to.example").recipient("\"c d\"@to.example")
                .envelope("vmta1", "job1", "env1", "id1");
        assertThat(e).isEqualTo(new Envelope("a@from.example",
                List.of(new Recipient("b@to.example"), new Recipient("\"c d\"@to.example")), false, "vmta1",
                "job1", "env1", "id1", null));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "", "<>" })
    void nobodyWantsItBack(String sender) throws Exception {
        assertThat(check().sender(sender).recipient("b@to.example").envelope(null, null, null, null).reversePath())
                .isNull();
    }

    @Test
    void internationalAddressesAreTaken() throws Exception {
        assertThat(check().sender("j\u00fcrgen@from.example").recipient("b@to.example").envelope(null, null, null, null)
                .smtpUtf8()).isTrue();
        assertThat(check().sender("a@from.example").recipient("b@b\u00fccher.example").envelope(null, null, null, null)
                .smtpUtf8()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "a", "a@", "@b", "a b@c.example", "a@b.example>", "a@b.example\r\nRCPT TO:<c@d.example>",
            "<a@b.example>", "@one.example:a@b.example", "a@b.example> SIZE=1", "a@b..example", "a\0@b.example",
            "postmaster" })
    void badSenderIsRefused(String address) {
        refused(() -> check().sender(address), Refusals.SENDER_SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "<>", "a", "a@", "a b@c.example", "a@b.example>", "a@b.example\r\nDATA",
            "<a@b.example>", "@one.example:a@b.example", "a@[300.1.1.1]" })
    void badRecipientIsRefused(String address) {
        refused(() -> check().sender("").recipient(address), Refusals.RECIPIENT_SYNTAX);
    }

    @Test
    void refusedRecipientLeavesTheOthers() throws Exception {
        EnvelopeCheck c = check("max-rcpt-per-message: 2").sender("");
        c.recipient("a@to.example");
        refused(() -> c.recipient("nonsense"), Refusals.RECIPIENT_SYNTAX);
        refused(() -> c.recipient("postmaster"), Refusals.NO_MAILBOXES);
        c.recipient("b@to.example");
        refused(() -> c.recipient("c@to.example"), Refusals.TOO_MANY_RECIPIENTS);
        assertThat(c.envelope(null, null, null, null).recipients()).extracting(Recipient::address)
                .containsExactly("a@to.example", "b@to.example");
    }

    @Test
    void someoneMustBeLeft() {
        refused(() -> check().sender("a@from.example").envelope(null, null, null, null), Refusals.NO_RECIPIENTS);
    }

    @Test
    void whoMayNotRelayHandsInNothing() {
        EnvelopeCheck c = new EnvelopeCheck(Handovers.of("smtp-service: yes", ""));
        refused(() -> c.recipient("a@to.example"), Refusals.RELAYING_DENIED);
    }
}
