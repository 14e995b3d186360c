package org.caravanmta.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRecordTest {

    /** RFC 8463 Appendix A.2. */
    @Test
    void recordsOfRfc8463() throws Exception {
        assertThat(KeyRecord.text(RfcVectors.ed25519(RfcVectors.ED25519_PUBLIC)))
                .isEqualTo("v=DKIM1; k=ed25519; p=" + RfcVectors.ED25519_PUBLIC);
        assertThat(KeyRecord.text(RfcVectors.rsa(RfcVectors.RSA_PUBLIC)))
                .isEqualTo("v=DKIM1; k=rsa; p=" + RfcVectors.RSA_PUBLIC);
        assertThat(KeyRecord.zoneLine("test", "football.example.com", RfcVectors.rsa(RfcVectors.RSA_PUBLIC)))
                .startsWith("test._domainkey.football.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=MIG").endsWith("\" )");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", value = { "v=DKIM1; k=rsa; p=KEY|-", "p=KEY|-",
            "v=DKIM1;p=KE Y;|-", "v=DKIM1; h=sha1:sha256; s=email; p=KEY; t=s|-",
            "v=DKIM2; p=KEY|v=DKIM2 is published, which is not DKIM1",
            "v=DKIM1; k=rsa|what is published has no key (p=)",
            "v=DKIM1; p=|the key is published as withdrawn (p= is empty)",
            "v=DKIM1; k=ed25519; p=KEY|a key of kind ed25519 is published, this one is rsa",
            "v=DKIM1; p=AAAA|another key is published", "v=DKIM1; p=!|another key is published",
            "v=DKIM1; h=sha1; p=KEY|h=sha1 is published, which excludes sha256",
            "v=DKIM1; s=tlsrpt; p=KEY|s=tlsrpt is published, which excludes email",
            "v=spf1 -all|v=spf1-all is published, which is not DKIM1", "hello|what is published is no list of tags",
            "v=DKIM1; t=y; p=KEY|t=y is published: receivers treat signed mail as unsigned while you are testing" })
    void whatReceiversWouldObjectTo(String record, String objection) throws Exception {
        String text = record.replace("KE Y", RfcVectors.RSA_PUBLIC.substring(0, 9) + " "
                + RfcVectors.RSA_PUBLIC.substring(9)).replace("KEY", RfcVectors.RSA_PUBLIC);
        assertThat(KeyRecord.objection(RfcVectors.rsa(RfcVectors.RSA_PUBLIC), List.of(text))).isEqualTo(objection);
    }

    @Test
    void numberOfRecords() throws Exception {
        var key = RfcVectors.rsa(RfcVectors.RSA_PUBLIC);
        assertThat(KeyRecord.objection(key, List.of())).isEqualTo("nothing is published");
        assertThat(KeyRecord.objection(key, List.of(KeyRecord.text(key), "v=spf1"))).startsWith("2 records");
    }
}
