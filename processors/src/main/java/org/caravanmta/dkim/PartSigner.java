package org.caravanmta.dkim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.dkim.DkimSettings;
import org.caravanmta.config.dkim.DkimSettings.Sign;
import org.caravanmta.message.MessageContent;
import org.caravanmta.message.QueuedMessage;
import org.caravanmta.submission.SplitMessage;

/**
 * Signs what is queued for one message: parts that are signed alike share one signature, and all share the bytes of the
 * message. Any thread.
 */
public final class PartSigner {

    /** Hashed in about 20 µs. */
    private static final int QUICK_BYTES = 16 << 10;
    private static final int QUICK_PARTS = 4;
    private static final String WAITS = "cannot be signed: ";

    private final DkimSigner signer;

    public PartSigner(DkimSigner signer) {
        this.signer = signer;
    }

    /** What a signature depends on, apart from the message. */
    private record Alike(DkimSettings settings, String virtualMta, String pool) {
    }

    /**
     * @param fields empty when the message goes as it is; null when it must not
     * @param reason why it must not; null otherwise
     */
    private record Signed(byte[] fields, String reason) {
    }

    /** Whether any part is to be signed. Cheap, and nothing is allocated. */
    public static boolean wanted(SplitMessage split, CaravanConfig config) {
        for (QueuedMessage part : split.parts())
            if (config.dkim(part.virtualMta(), part.destination()).sign() != Sign.NO)
                return true;
        return false;
    }

    /** Whether signing takes so little time that it is not worth another thread. */
    public boolean quick(SplitMessage split, CaravanConfig config) {
        MessageContent content = split.message().content();
        if (!content.inMemory() || content.sizeBytes() > QUICK_BYTES || split.parts().size() > QUICK_PARTS)
            return false;
        for (QueuedMessage part : split.parts()) {
            DkimSettings settings = config.dkim(part.virtualMta(), part.destination());
            if (settings.sign() != Sign.NO && !signer.quick(settings))
                return false;
        }
        return true;
    }

    /**
     * Parts that have to be signed and cannot be are {@link QueuedMessage#unsigned}: they wait for their key.
     *
     * @throws CannotSignException the message itself asks for a key that is not there: no part must go
     */
    public SplitMessage sign(SplitMessage split, CaravanConfig config) throws CannotSignException {
        SigningInput input = new SigningInput(split.message().content(), split.message().receivedAtMs(),
                split.message().dkimOptions());
        Map<Alike, Signed> known = new HashMap<>();
        List<QueuedMessage> parts = new ArrayList<>(split.parts().size());
        for (QueuedMessage part : split.parts()) {
            Alike alike = new Alike(config.dkim(part.virtualMta(), part.destination()), part.virtualMta(),
                    part.vmtaPool());
            Signed signed = known.get(alike);
            if (signed == null)
                known.put(alike, signed = sign(input, alike, config, split.message().dkimOptions() != null));
            parts.add(signed.fields() == null ? part.waitingForSignature(signed.reason())
                    : signed.fields().length == 0 ? part
                            : part.withContent(new MessageContent.Headed(signed.fields(), part.content())));
        }
        return new SplitMessage(split.message(), parts);
    }

    private Signed sign(SigningInput input, Alike alike, CaravanConfig config, boolean asked)
            throws CannotSignException {
        try {
            return new Signed(signer.sign(input, alike.settings(), config.signingKeys(), alike.virtualMta(),
                    alike.pool()), null);
        } catch (CannotSignException e) {
            if (asked)
                throw e;
            return new Signed(null, WAITS + e.getMessage());
        }
    }

    /**
     * Tries again what waits for its key; the configuration may not want it signed any more.
     *
     * @param atMs epoch milliseconds that {@code t=} says
     * @return the message as it may leave, or as it has to wait on, with the reason
     */
    public QueuedMessage again(QueuedMessage waiting, CaravanConfig config, long atMs) {
        try {
            byte[] fields = signer.sign(new SigningInput(waiting.content(), atMs, null),
                    config.dkim(waiting.virtualMta(), waiting.destination()), config.signingKeys(),
                    waiting.virtualMta(), waiting.vmtaPool());
            return waiting.signed(fields.length == 0 ? waiting.content()
                    : new MessageContent.Headed(fields, waiting.content()));
        } catch (CannotSignException e) {
            return waiting.waitingForSignature(WAITS + e.getMessage());
        }
    }
}
