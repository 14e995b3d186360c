package org.caravanmta.config.pem;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM text.
 *
 * @param label the words behind {@code BEGIN}
 * @param text  what stands between its lines, not decoded
 */
public record PemBlock(String label, String text) {

    private static final Pattern BLOCK = Pattern
            .compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

    /** All blocks, in the order of the text. */
    public static List<PemBlock> in(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        Matcher m = BLOCK.matcher(text);
        while (m.find())
            blocks.add(new PemBlock(m.group(1), m.group(2)));
        return List.copyOf(blocks);
    }

    /** Its bytes; null when its Base64 is broken. */
    public byte[] decode() {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
