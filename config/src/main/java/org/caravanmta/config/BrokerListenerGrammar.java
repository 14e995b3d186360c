package org.caravanmta.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.caravanmta.config.BrokerListener.Protocol;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.IpEndpoint;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.value.YesNo;

/** {@code IP:PORT}, and behind it {@code protocols=jms+amqp+stomp} and {@code tls=yes} in any order. */
record BrokerListenerGrammar() implements Grammar<BrokerListener> {

    private static final String PROTOCOLS = "protocols=";
    private static final String TLS = "tls=";
    private static final IpEndpoint ADDRESS = new IpEndpoint(-1, 0);

    @Override
    public String expected() {
        return ADDRESS.expected() + ", behind it protocols=jms+amqp+stomp and tls=yes where they are meant";
    }

    @Override
    public BrokerListener parse(String text) throws Misunderstood {
        String[] words = text.strip().split("\\s+");
        Set<Protocol> protocols = null;
        Boolean tls = null;
        try {
            for (int i = 1; i < words.length; i++)
                if (words[i].startsWith(PROTOCOLS) && protocols == null)
                    protocols = protocols(words[i].substring(PROTOCOLS.length()));
                else if (words[i].startsWith(TLS) && tls == null)
                    tls = new YesNo().parse(words[i].substring(TLS.length()));
                else
                    throw misunderstood("behind IP:PORT stands protocols=…, tls=yes, both or nothing");
            BrokerListener listener = new BrokerListener(ADDRESS.parse(words[0]),
                    protocols == null ? EnumSet.allOf(Protocol.class) : protocols, tls != null && tls);
            if (!listener.tls() && !listener.address().getAddress().isLoopbackAddress())
                throw misunderstood("passwords would cross the network in clear: add tls=yes");
            return listener;
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
    }

    private Set<Protocol> protocols(String names) throws Misunderstood {
        try {
            return Arrays.stream(names.split("\\+")).map(n -> Protocol.valueOf(n.toUpperCase(Locale.ROOT)))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Protocol.class)));
        } catch (IllegalArgumentException _) {
            throw misunderstood("the protocols are jms, amqp and stomp, with + between them");
        }
    }
}
