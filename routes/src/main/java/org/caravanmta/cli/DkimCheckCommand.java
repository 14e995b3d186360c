package org.caravanmta.cli;

import java.nio.file.Path;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.dkim.KeyFile;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeyForm;
import org.caravanmta.config.pem.UnusableFile;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.dkim.KeyRecord;
import org.caravanmta.dns.TxtLookup;
import org.caravanmta.dns.TxtLookup.Texts;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caravan dkim check}: whether what is published is the other half of every key (exit 0), or not (exit 1). */
@Command(name = "check", mixinStandardHelpOptions = true,
        description = "Compares every key of the configuration with what is published in the DNS.")
final class DkimCheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Option(names = "--key", paramLabel = "SELECTOR,DOMAIN,FILE",
            description = "this key alone, which need not be in the configuration")
    private String only;

    @Override
    public Integer call() {
        CaravanConfig read = config.read(System.err);
        if (read == null)
            return 2;
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        try {
            if (only != null)
                keys.put(only, key(only));
            else
                read.signingKeys().all().forEach(k -> keys.putIfAbsent(k.toString(), k));
        } catch (Misunderstood | UnusableFile e) {
            System.err.println("caravan: --key: " + e.getMessage());
            return 2;
        }
        boolean good = true;
        try (TxtLookup dns = new TxtLookup(read.nameServers())) {
            for (SigningKey key : keys.values())
                good &= check(key, dns);
        }
        if (keys.isEmpty())
            System.out.println("no domain-key");
        return good ? 0 : 1;
    }

    private static SigningKey key(String text) throws Misunderstood, UnusableFile {
        SigningKeyForm form = new SigningKeyForm();
        if (text.isEmpty())
            throw new Misunderstood(form.expected(), "it is empty");
        SigningKeyForm.Line line = form.ofText(text).getFirst();
        KeyPair pair = KeyFile.read(Path.of(line.file()));
        return new SigningKey(line.selector(), line.domain(), line.file(), pair.getPrivate(), pair.getPublic());
    }

    private static boolean check(SigningKey key, TxtLookup dns) {
        if (key.domain().equals(SigningKey.ANY)) {
            System.out.printf("not checked  %s: it signs for any domain, each publishes %s%n", key.file(),
                    KeyRecord.text(key.publicKey()));
            return true;
        }
        String name = KeyRecord.name(key.selector(), key.domain());
        Texts found = dns.texts(name).toCompletableFuture().join();
        String objection = found.detail() != null ? found.detail()
                : KeyRecord.objection(key.publicKey(), found.texts());
        System.out.printf("%-12s %s (%s)%s%n", objection == null ? "fine" : "WRONG", name, key.file(),
                objection == null ? "" : ": " + objection);
        if (objection != null)
            System.out.printf("             publish %s%n",
                    KeyRecord.zoneLine(key.selector(), key.domain(), key.publicKey()));
        return objection == null;
    }
}
