package org.caravanmta.submission.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;
import org.caravanmta.message.SubmittedMessage;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.Refusals;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LetterSubmissionTest {

    private static final CaravanConfig CONFIG = ConfigReader.readText("c.yaml", """
            smtp-listener: [ "127.0.0.1:2525" ]
            max-message-size: 1K
            source: { shop: { always-allow-relaying: yes }, poor: { smtp-service: yes } }
            """, () -> "gw.test").config();

    @TempDir
    private Path folder;
    private final List<SubmittedMessage> taken = new ArrayList<>();
    private final Map<String, String> properties = new HashMap<>(Map.of("sender", "a@from.test"));
    private Reply next = Reply.of(250, "2.6.0", "Message queued");
    private Reply notNow;
    private LetterSubmission submission;

    @BeforeEach
    void open() throws IOException {
        Intake intake = Intake.open(folder, 64 * 1024, () -> notNow, Clock.systemUTC());
        submission = new LetterSubmission(intake, m -> {
            taken.add(m);
            return next;
        }, user -> user.equals("gone") ? null
                : new Handover(CONFIG, CONFIG.sources().unconnected(user), "jms", "local", user, null, null, null));
    }

    private Verdict submit(String user, boolean answerable, String mail) throws IOException {
        return submission.submit(new Letter() {
            @Override
            public String user() {
                return user;
            }

            @Override
            public String number() {
                return "7";
            }

            @Override
            public String property(String name) {
                return properties.get(name);
            }

            @Override
            public boolean answerable() {
                return answerable;
            }

            @Override
            public InputStream content() throws UnreadableLetterException {
                if (mail == null)
                    throw new UnreadableLetterException("a map");
                return new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private Verdict submit(String recipients) throws IOException {
        properties.put("recipients", recipients);
        return submit("shop", false, "Subject: x\n\nbody\n");
    }

    @Test
    void propertiesMakeTheEnvelope() throws Exception {
        properties.putAll(Map.of("virtualMta", "mta1", "job", "spring", "envelopeId", "e1", "submissionId", "order 7"));
        Verdict verdict = submit("b@to.test,c@to.test");
        assertThat(verdict.parkedAs()).isNull();
        assertThat(verdict.answer().json())
                .isEqualTo("{\"reply\":\"250 2.6.0 Message queued\",\"accepted\":2,\"rejected\":[]}");
        SubmittedMessage m = taken.getFirst();
        assertThat(m.reversePath()).isEqualTo("a@from.test");
        assertThat(List.of(m.virtualMta(), m.jobId(), m.envId(), m.srcType(), m.clientName()))
                .containsExactly("mta1", "spring", "e1", "jms", "shop");
        assertThat(m.submissionId()).isEqualTo("letter of shop order 7");
        properties.remove("submissionId");
        submit("b@to.test");
        assertThat(taken.getLast().submissionId()).isEqualTo("letter 7");
    }

    @Test
    void aRefusedRecipientIsToldOrSeen() throws Exception {
        assertThat(submit("b@to.test,<bad\u0007>").parkedAs())
                .isEqualTo("taken but for 1 recipients: 501 5.1.3 Bad recipient address syntax for bad?");
        properties.put("recipients", "b@to.test,bad");
        Verdict told = submit("shop", true, "Subject: x\n\nbody\n");
        assertThat(told.parkedAs()).isNull();
        assertThat(told.answer().accepted()).isEqualTo(1);
        assertThat(told.answer().json()).contains("{\"recipient\":\"bad\",\"reply\":\"501 5.1.3 ");
        assertThat(submit("bad").parkedAs()).startsWith("501 5.1.3");
        properties.put("recipients", "b@to.test");
        assertThat(submit("poor", true, "x").answer().reply()).isEqualTo(Refusals.RELAYING_DENIED);
    }

    @Test
    void whatCannotBeTakenIsRefusedAndSeen() throws Exception {
        assertThat(submit("shop", true, "x").parkedAs()).startsWith("554 5.5.1 No recipients");
        assertThat(submit(" , ").parkedAs()).startsWith("554 5.5.1 No recipients");
        properties.put("recipients", "b@to.test");
        assertThat(submit("gone", true, "x").parkedAs()).startsWith("550 5.7.1");
        assertThat(submit("shop", true, null).parkedAs()).isEqualTo("550 5.6.1 a map");
        assertThat(submit("shop", true, "x\n".repeat(2000)).parkedAs()).isEqualTo(Refusals.TOO_BIG.toString());
        properties.put("job", "a\nb");
        assertThat(submit("shop", true, "x").parkedAs()).startsWith("550 5.6.0 The property job ");
        properties.put("job", "j".repeat(201));
        assertThat(submit("shop", true, "x").parkedAs()).startsWith("550 5.6.0 The property job ");
        assertThat(taken).isEmpty();
    }

    @Test
    void whatIsNotTakenNowComesAgain() throws Exception {
        next = Refusals.NOT_TAKEN;
        assertThat(submit("b@to.test").later()).isTrue();
        notNow = Refusals.NO_STORAGE;
        assertThat(submit("b@to.test").later()).isTrue();
        assertThat(taken).hasSize(1);
    }
}
