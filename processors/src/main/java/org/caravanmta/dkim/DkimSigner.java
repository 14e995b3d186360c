package org.caravanmta.dkim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.config.dkim.DkimSettings.Signature;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeys;

/**
 * Makes DKIM-Signature fields. Keys are made ready for the provider when they are first used, and kept as long as the
 * configuration that they belong to. Any thread.
 */
public final class DkimSigner {

    private static final byte[] NOTHING = {};

    private final Supplier<CryptoProvider> crypto;
    private volatile Ring ring = new Ring(SigningKeys.NONE, Map.of());

    private record Ring(SigningKeys of, Map<SigningKey, Signer> signers) {
    }

    private record Found(Mailbox identity, SigningKey key) {
    }

    /** @param crypto asked when there is something to be signed */
    public DkimSigner(Supplier<CryptoProvider> crypto) {
        this.crypto = crypto;
    }

    /**
     * The fields to be put in front of a message, each with its line end; empty when it is to go as it is.
     *
     * @param keys       all of the current configuration
     * @param virtualMta through which the message leaves
     * @param pool       that chose the VirtualMTA; null when none did
     * @throws CannotSignException it must not go as it is either
     */
    public byte[] sign(SigningInput message, DkimSettings settings, SigningKeys keys, String virtualMta, String pool)
            throws CannotSignException {
        boolean asked = message.options() != null;
        if (settings.sign() == Sign.NO || settings.sign() == Sign.IF_X_DKIM_OPTIONS_PRESENT && !asked)
            return NOTHING;
        List<SigningKey> mine = keys.of(virtualMta, pool);
        ByteText fields = new ByteText(1024);
        try {
            for (Signature s : settings.signatures().toList()) {
                DkimOptions options = DkimOptions.parse(s == settings.first() ? message.options() : null);
                Found found = find(message, s, options, mine);
                if (found != null) {
                    byte[] field = field(message, s, found, signer(keys, found.key()));
                    fields.add(field, 0, field.length);
                } else if (settings.sign() != Sign.IF_KEY_PRESENT) {
                    throw new CannotSignException(missing(message, s, options, virtualMta));
                }
            }
        } catch (GeneralSecurityException | IOException | UncheckedIOException e) {
            throw new CannotSignException("signing failed: " + e, e);
        }
        return Arrays.copyOf(fields.array(), fields.length());
    }

    /** Whether it takes no longer than other work of an event loop, apart from hashing the body. */
    public boolean quick(DkimSettings settings) {
        for (Signature s : settings.signatures().toList())
            if (!crypto.get().quick(s.algorithm()))
                return false;
        return true;
    }

    private static String missing(SigningInput message, Signature s, DkimOptions options, String virtualMta) {
        Mailbox identity = options.identity() != null ? options.identity() : message.mailbox(s.identity());
        return identity == null ? "no address to sign for (" + s.identity() + ")"
                : "no " + s.algorithm() + " key for " + identity + " through " + virtualMta
                        + (options.equals(DkimOptions.NONE) ? "" : " that is as x-dkim-options asks");
    }

    /** The fallback is for those that ask for nothing. */
    private static Found find(SigningInput message, Signature s, DkimOptions options, List<SigningKey> keys) {
        if (options.identity() != null)
            return find(options.identity(), s, options, keys);
        Found found = find(message.mailbox(s.identity()), s, options, keys);
        return found != null || s.fallback() == null ? found
                : find(message.mailbox(s.fallback()), s, options, keys);
    }

    private static Found find(Mailbox identity, Signature s, DkimOptions options, List<SigningKey> keys) {
        if (identity != null)
            for (SigningKey key : keys)
                if (key.signsFor(identity.domain()) && options.allows(key)
                        && key.privateKey().getAlgorithm().equals(s.algorithm().keyAlgorithm()))
                    return new Found(identity, key);
        return null;
    }

    private static byte[] field(SigningInput message, Signature s, Found found, Signer signer)
            throws IOException, GeneralSecurityException {
        SelectedFields fields = new SelectedFields(message.header(), s);
        String domain = found.key().domain().equals(SigningKey.ANY) ? found.identity().domain()
                : found.key().domain();
        SignatureField field = new SignatureField().tag("v", "1").tag("a", s.algorithm().toString())
                .tag("c", s.headersCanon() + "/" + s.bodyCanon()).tag("d", domain)
                .tag("s", found.key().selector()).tag("i", found.identity().tagValue());
        if (s.timestamp())
            field.tag("t", Long.toString(message.atSeconds()));
        if (!s.expireAfter().isZero())
            field.tag("x", Long.toString(message.atSeconds() + s.expireAfter().toSeconds()));
        field.tag("h", fields.names())
                .tag("bh", Base64.getEncoder().encodeToString(message.bodyHash(s.bodyCanon())));
        byte[] unsigned = field.unsigned();
        ByteText header = new ByteText(2048);
        fields.append(s.headersCanon(), header);
        CanonicalField.append(s.headersCanon(), unsigned, 0, SignatureField.NAME.length(), unsigned.length, header);
        return field.signed(signer.sign(header.array(), header.length()));
    }

    private Signer signer(SigningKeys keys, SigningKey key) throws GeneralSecurityException {
        Ring now = ring;
        if (now.of() != keys)
            ring = now = new Ring(keys, new ConcurrentHashMap<>());
        Signer known = now.signers().get(key);
        if (known == null)
            now.signers().put(key, known = crypto.get().signer(key.privateKey()));
        return known;
    }
}
