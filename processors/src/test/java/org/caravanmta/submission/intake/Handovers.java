package org.caravanmta.submission.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;

import org.caravanmta.config.ConfigReader;

/** Handovers of a pickup folder for tests. */
public final class Handovers {

    private Handovers() {
    }

    /**
     * @param rights     directives of the source
     * @param directives of the configuration's top level
     */
    public static Handover of(String rights, String directives) {
        var read = ConfigReader.readText("test.yaml", "smtp-listener: \"127.0.0.1:0\"\nhost-name: mta.example\n"
                + "source: { 127.0.0.0/8: { " + rights + " } }\n" + directives, () -> "unused.example");
        assertThat(read.problems()).isEmpty();
        return new Handover(read.config(), read.config().sources().of(InetAddress.ofLiteral("127.0.0.1"), null),
                "pickup", "pickup", "folder1", null, null, null);
    }
}
