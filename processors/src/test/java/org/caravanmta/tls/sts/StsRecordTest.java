package org.caravanmta.tls.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StsRecordTest {

    @Test
    void theExampleOfTheRfcHasAnId() {
        assertThat(StsRecord.id(List.of("v=STSv1; id=20160831085700Z;"))).isEqualTo("20160831085700Z");
    }

    @ParameterizedTest
    @ValueSource(strings = { "v=STSv1;id=1", "v=STSv1 ; id=1", "v=STSv1; id=1 ; ", "v=STSv1; later=a:b/c; id=1",
            "v=STSv1; id=1; x-y.z_1=~" })
    void blanksAndExtensionsDoNotMatter(String record) {
        assertThat(StsRecord.id(List.of(record))).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "v=STSv1", "v=STSv1;", "v=STSv2; id=1", " v=STSv1; id=1", "v=STSv1; id=",
            "v=STSv1; id=1-2", "v=STSv1; id=123456789012345678901234567890123", "v=STSv1; id=1; id=2",
            "v=STSv1; id=1;; x=y", "v=STSv1; id=1; x", "v=STSv1; id=1; x=a b", "v=STSv1; id=1; x=a=b",
            "v=STSv1; id=1\nx", "V=STSV1; id=1", "v=STSv1; ID=1" })
    void malformedRecordsMeanNoPolicy(String record) {
        assertThat(StsRecord.id(List.of(record))).isNull();
    }

    @Test
    void otherRecordsDoNotMatterButASecondOneDoes() {
        assertThat(StsRecord.id(List.of("v=spf1 -all", "v=STSv1; id=1", "v=STSv1x; id=2"))).isEqualTo("1");
        assertThat(StsRecord.id(List.of("v=STSv1; id=1", "v=STSv1; id=1"))).isNull();
        assertThat(StsRecord.id(List.of())).isNull();
    }
}
