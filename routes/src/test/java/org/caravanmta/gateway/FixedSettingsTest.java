package org.caravanmta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.ConfigReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixedSettingsTest {

    private static final String FIRST = """
            host-name: gw.test
            smtp-listener: [ "127.0.0.1:2525" ]
            source: { 127.0.0.0/8: { always-allow-relaying: yes } }
            virtual-mta: { a: { smtp-source-host: [ "127.0.1.1 a.test" ] } }
            domain: { "*": { max-smtp-out: 3 } }
            name-server: [ 127.0.0.53 ]
            acct-file: { path: acct.csv, records: [ d, b ] }
            """;

    @TempDir
    Path folder;

    private CaravanConfig config(String yaml) throws IOException {
        ConfigReader.Result read = ConfigReader.read(Files.writeString(folder.resolve("caravan.yaml"), yaml));
        assertThat(read.problems()).isEmpty();
        return read.config();
    }

    private List<String> changed(String from, String to) throws IOException {
        assertThat(FIRST).contains(from);
        return FixedSettings.changed(config(FIRST), config(FIRST.replace(from, to)));
    }

    @Test
    void whatMayChangeMayChange() throws Exception {
        assertThat(changed("a.test", "b.test")).isEmpty();
        assertThat(changed("max-smtp-out: 3", "max-smtp-out: 4")).isEmpty();
        assertThat(changed("2525", "2526")).isEmpty();
        assertThat(changed("host-name: gw.test", "host-name: other.test")).isEmpty();
        assertThat(changed("127.0.0.0/8", "10.0.0.0/8")).isEmpty();
        assertThat(changed("127.0.0.53", "127.0.0.54")).isEmpty();
        assertThat(changed("acct.csv", "other.csv")).isEmpty();
        assertThat(changed("[ d, b ]", "[ d ]")).isEmpty();
    }

    @Test
    void eachThatMayNotIsNamed() throws Exception {
        assertThat(changed("name-server: [ 127.0.0.53 ]", "broker: { min-free-space: 1G }")).singleElement().asString()
                .startsWith("broker ").contains("restart");
    }
}
