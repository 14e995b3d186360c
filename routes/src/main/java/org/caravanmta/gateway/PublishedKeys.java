package org.caravanmta.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.dkim.KeyRecord;
import org.caravanmta.dns.TxtLookup;
import org.caravanmta.dns.TxtLookup.Texts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the keys of a configuration with what is published, where it asks for that. */
final class PublishedKeys {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);

    private PublishedKeys() {
    }

    /**
     * What receivers would object to, each with its remedy. What no name server can say is no objection. Blocks for as
     * long as the DNS takes, all keys at the same time.
     */
    static List<String> objections(CaravanConfig config) {
        if (!config.signingKeys().checked())
            return List.of();
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        config.signingKeys().all().filter(k -> !k.domain().equals(SigningKey.ANY))
                .forEach(k -> keys.put(k.toString(), k));
        List<String> objections = new ArrayList<>();
        try (TxtLookup dns = new TxtLookup(config.nameServers())) {
            Map<SigningKey, CompletableFuture<Texts>> found = new LinkedHashMap<>();
            keys.values().forEach(k -> found.put(k, dns.texts(KeyRecord.name(k.selector(), k.domain()))
                    .toCompletableFuture()));
            found.forEach((key, texts) -> judge(key, texts.join(), objections));
        }
        return objections;
    }

    private static void judge(SigningKey key, Texts found, List<String> objections) {
        String name = KeyRecord.name(key.selector(), key.domain());
        if (found.unknown()) {
            LOG.warn("check-domain-keys: {} is taken unchecked: {}", name, found.detail());
            return;
        }
        String objection = found.detail() != null ? found.detail()
                : KeyRecord.objection(key.publicKey(), found.texts());
        if (objection != null)
            objections.add("domain-key " + key + ": " + objection + "; publish "
                    + KeyRecord.zoneLine(key.selector(), key.domain(), key.publicKey())
                    + ", take the key away, or write check-domain-keys: no");
    }
}
