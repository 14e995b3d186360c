package org.caravanmta.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;

import org.caravanmta.config.dkim.KeyFile;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.dkim.KeyRecord;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caravan dkim keygen}: a new key, what to publish, and what to write into the configuration. */
@Command(name = "keygen", mixinStandardHelpOptions = true,
        description = "Makes a key, and shows the DNS record to publish and the line for the configuration.")
final class DkimKeygenCommand implements Callable<Integer> {

    enum Type {
        rsa, ed25519
    }

    @Option(names = "--selector", required = true, description = "name of the key below _domainkey.DOMAIN")
    private String selector;

    @Option(names = "--domain", required = true, description = "domain that signs")
    private String domain;

    @Option(names = "--type", defaultValue = "rsa", description = "rsa or ed25519 (default: ${DEFAULT-VALUE})")
    private Type type;

    @Option(names = "--bits", defaultValue = "2048",
            description = "length of an RSA key, 2048 to 4096 (default: ${DEFAULT-VALUE})")
    private int bits;

    @Option(names = "--file", paramLabel = "FILE", description = "key file (default: keys/DOMAIN.SELECTOR.pem)")
    private Path file;

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        if (bits < KeyFile.GOOD_RSA_BITS || bits > KeyFile.MOST_RSA_BITS) {
            System.err.println("caravan: --bits from 2048 to 4096: receivers distrust shorter keys and need not take "
                    + "longer ones (RFC 8301)");
            return 2;
        }
        try {
            domain = new HostName().parse(domain);
            selector = selector.matches("[0-9]{1,63}") ? selector : new HostName().parse(selector);
        } catch (Misunderstood e) {
            System.err.println("caravan: --domain and --selector: " + e.hint());
            return 2;
        }
        Path path = file != null ? file : Path.of("keys", domain + "." + selector + ".pem");
        try {
            show(NewKey.write(path, type == Type.rsa ? bits : 0), selector, domain);
            return 0;
        } catch (FileAlreadyExistsException _) {
            System.err.println("caravan: " + path + " exists and is left as it is: choose another selector or --file");
            return 1;
        }
    }

    static void show(NewKey key, String selector, String domain) {
        System.out.printf("key file, for its owner only:%n  %s%n%n", key.file());
        System.out.printf("publish in the zone of %s:%n  %s%n%n", domain,
                KeyRecord.zoneLine(selector, domain, key.pair().getPublic()));
        System.out.printf("or, in the form of a DNS provider, as TXT of %s:%n  %s%n%n",
                KeyRecord.name(selector, domain), KeyRecord.text(key.pair().getPublic()));
        System.out.printf("in caravan.yaml (paths are relative to its folder):%n  domain-key: [ \"%s,%s,%s\" ]%n%n",
                selector, domain, key.file());
        System.out.println("caravan dkim check tells when what is published matches.");
    }
}
