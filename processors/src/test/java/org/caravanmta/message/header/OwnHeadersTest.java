package org.caravanmta.message.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;

import org.caravanmta.config.Cidr;
import org.caravanmta.config.Source;
import org.junit.jupiter.api.Test;

class OwnHeadersTest {

    private static final Source EVERYTHING = source(true, true, true);
    private static final String[] OWN = { "X-Virtual-MTA: mta1\r\n", "x-job: j\r\n folded\r\n", "X-ENVID :\r\n",
            "X-Job:\r\n\t\r\n" };
    private static final String[] OTHER = { "Subject: x\r\n", "To: a\r\n\tX-Job: folded\r\n", "X-Jobs: x\r\n",
            "X-Virtual-MTA2: x\r\n", "XJob: x\r\n", "X: y\r\n" };

    private static Source source(boolean virtualMta, boolean job, boolean envId) {
        return new Source(null, Cidr.ALL_V4, true, true, virtualMta, job, envId, null, true, false, false, false, 0,
                true,
                null, Set.of(Source.ALL));
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private static OwnHeaders read(String header, Source source) {
        byte[] a = bytes(header);
        return OwnHeaders.read(a, 0, a.length, source);
    }

    private static OwnHeaders read(String header) {
        return read(header, EVERYTHING);
    }

    private static String removed(String header) {
        byte[] a = bytes("room" + header + "\r\nX-Job: body\r\n");
        int to = 4 + bytes(header).length;
        OwnHeaders own = OwnHeaders.read(a, 4, to, EVERYTHING);
        int start = own.remove(a, 4, to);
        assertThat(new String(a, to, a.length - to, StandardCharsets.UTF_8)).isEqualTo("\r\nX-Job: body\r\n");
        return new String(a, start, to - start, StandardCharsets.UTF_8);
    }

    @Test
    void valuesAreRead() {
        OwnHeaders own = read("X-Virtual-MTA: mta1\r\nX-Job: a\r\n b\r\nX-EnvID: b\u00fccher\r\n");
        assertThat(own.virtualMta()).isEqualTo("mta1");
        assertThat(own.jobId()).isEqualTo("a b");
        assertThat(own.envId()).isEqualTo("b\u00fccher");
        assertThat(own.invalid()).isNull();
    }

    @Test
    void eachNeedsItsRight() {
        String header = "X-Virtual-MTA: v\r\nX-Job: j\r\nX-EnvID: e\r\n";
        assertThat(read(header, source(true, false, false))).extracting(OwnHeaders::virtualMta, OwnHeaders::jobId,
                OwnHeaders::envId).containsExactly("v", null, null);
        assertThat(read(header, source(false, true, false))).extracting(OwnHeaders::virtualMta, OwnHeaders::jobId,
                OwnHeaders::envId).containsExactly(null, "j", null);
        assertThat(read(header, source(false, false, true))).extracting(OwnHeaders::virtualMta, OwnHeaders::jobId,
                OwnHeaders::envId).containsExactly(null, null, "e");
    }

    @Test
    void firstOneCountsEvenWhenItIsEmpty() {
        assertThat(read("X-Job: a\r\nX-Job: b\r\n").jobId()).isEqualTo("a");
        assertThat(read("X-Job:\r\nX-Job: b\r\n").jobId()).isNull();
    }

    @Test
    void controlCharactersAreNamed() {
        assertThat(read("X-EnvID: a\u0007\r\n").invalid()).isEqualTo("X-EnvID");
        assertThat(read("Subject: a\u0007\r\n").invalid()).isNull();
        assertThat(read("X-Job: a\r\nX-Job: b\u0007\r\n").invalid()).as("not read").isNull();
    }

    @Test
    void factsAreCounted() {
        OwnHeaders own = read("Received: 1\r\nreceived: 2\r\n\tfolded\r\nRECEIVED : 3\r\nReceived-SPF: x\r\n");
        assertThat(own.hops()).isEqualTo(3);
        assertThat(own.hasDate()).isFalse();
        assertThat(own.hasMessageId()).isFalse();
        assertThat(read("date: x\r\n").hasDate()).isTrue();
        assertThat(read("Message-Id: x\r\n").hasMessageId()).isTrue();
        assertThat(read("Subject: y\r\n Date: x\r\n").hasDate()).isFalse();
    }

    @Test
    void nothingToRemoveMovesNothing() {
        assertThat(removed("")).isEmpty();
        assertThat(removed("Subject: x\r\n")).isEqualTo("Subject: x\r\n");
    }

    @Test
    void ownFieldsAreTakenOutWhereverTheyStand() {
        assertThat(removed("X-Job: 1\r\n")).isEmpty();
        assertThat(removed("X-Job: 1\r\nA: 1\r\n")).isEqualTo("A: 1\r\n");
        assertThat(removed("A: 1\r\nX-Job: 1\r\n")).isEqualTo("A: 1\r\n");
        assertThat(removed("A: 1\r\nX-Job: 1\r\nX-EnvID: 2\r\nB: 2\r\n")).isEqualTo("A: 1\r\nB: 2\r\n");
    }

    /** What is left is what a reader of the list would write down. */
    @Test
    void restIsUnchanged() {
        Random random = new Random(4711);
        for (int n = 0; n < 20_000; n++) {
            StringBuilder header = new StringBuilder();
            StringBuilder rest = new StringBuilder();
            for (int i = random.nextInt(15); i > 0; i--) {
                boolean own = random.nextBoolean();
                String field = own ? OWN[random.nextInt(OWN.length)] : OTHER[random.nextInt(OTHER.length)];
                header.append(field);
                rest.append(own ? "" : field);
            }
            assertThat(removed(header.toString())).isEqualTo(rest.toString());
        }
    }
}
