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

    private final DkimSigner signer;

    public PartSigner(DkimSigner signer) {
        this.signer = signer;
    }

    /** What a signature depends on, apart from the message. */
    private record Alike(DkimSettings settings, String virtualMta, String pool) {
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

    /** @throws CannotSignException a part has to be signed and cannot be: no part must go */
    public SplitMessage sign(SplitMessage split, CaravanConfig config) throws CannotSignException {
        SigningInput input = new SigningInput(split.message().content(), split.message().receivedAtMs(),
                split.message().dkimOptions());
        Map<Alike, byte[]> known = new HashMap<>();
        List<QueuedMessage> parts = new ArrayList<>(split.parts().size());
        for (QueuedMessage part : split.parts()) {
            Alike alike = new Alike(config.dkim(part.virtualMta(), part.destination()), part.virtualMta(),
                    part.vmtaPool());
            byte[] fields = known.get(alike);
            if (fields == null)
                known.put(alike, fields = signer.sign(input, alike.settings(), config.signingKeys(),
                        alike.virtualMta(), alike.pool()));
            parts.add(fields.length == 0 ? part
                    : part.withContent(new MessageContent.Headed(fields, part.content())));
        }
        return new SplitMessage(split.message(), parts);
    }
}
