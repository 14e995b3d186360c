package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAKey;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.dkim.KeyFile;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan dkim rotate}: the successor of a key, and the steps after which nobody notices the change. */
@Command(name = "rotate", mixinStandardHelpOptions = true,
        description = "Makes the successor of a key under a new selector, and says what to do when.")
final class DkimRotateCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Parameters(paramLabel = "SELECTOR", description = "the key to be replaced")
    private String selector;

    @Parameters(paramLabel = "DOMAIN", description = "its domain, as in domain-key")
    private String domain;

    @Option(names = "--new-selector", paramLabel = "NAME", description = "default: c and today's date")
    private String newSelector;

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        CaravanConfig read = config.read(System.err);
        if (read == null)
            return 2;
        String name = newSelector != null ? newSelector
                : "c" + LocalDate.now().format(DateTimeFormatter.BASIC_ISO_DATE);
        List<SigningKey> old = read.signingKeys().all().filter(k -> k.selector().equals(selector)
                && k.domain().equals(HostName.ascii(domain))).toList();
        if (old.isEmpty() || !wellFormed(name) || name.equals(selector)) {
            System.err.println("caravan: " + (old.isEmpty() ? "no domain-key " + selector + "," + domain
                    : "--new-selector has to be the name of a new key"));
            return 2;
        }
        SigningKey key = old.getFirst();
        Path beside = config.path().toAbsolutePath().getParent().resolve(key.file())
                .resolveSibling(key.domain().replace('*', '_') + "." + name + ".pem").normalize();
        try {
            show(key, name, NewKey.write(beside, bits(key)));
            return 0;
        } catch (FileAlreadyExistsException _) {
            System.err.println("caravan: " + beside + " exists and is left as it is: choose another --new-selector");
            return 1;
        }
    }

    private static boolean wellFormed(String name) {
        try {
            return !new HostName().parse(name).isEmpty();
        } catch (Misunderstood _) {
            return false;
        }
    }

    /** A short key has a longer successor. */
    private static int bits(SigningKey key) {
        return key.privateKey() instanceof RSAKey rsa
                ? Math.clamp(rsa.getModulus().bitLength(), KeyFile.GOOD_RSA_BITS, KeyFile.MOST_RSA_BITS) : 0;
    }

    private static void show(SigningKey old, String name, NewKey successor) {
        DkimKeygenCommand.show(successor, name, old.domain());
        System.out.printf("""

                1. Publish the new record. Leave the old one, %s._domainkey.%s, where it is.
                2. Wait until caravan dkim check --key %s,%s,%s says fine,
                   and then for the zone's negative TTL.
                3. Write the new line in the place of %s, then caravan reload.
                4. When no mail of before that is under way any more (bounce-after, 5 days are usual),
                   publish the old record with an empty p=, then delete it and its key file.
                """, old.selector(), old.domain(), name, old.domain(),
                successor.file(), old);
    }
}
