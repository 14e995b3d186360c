package org.caravanmta.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.netty.handler.ssl.SslProvider;

class TlsProviderTest {

    @Test
    void theNativeLibraryOfTheDistributionWorks() {
        assertThat(TlsProvider.fastest()).isEqualTo(TlsProvider.BORINGSSL);
        assertThat(SslProvider.isTlsv13Supported(TlsProvider.fastest().netty())).isTrue();
    }
}
