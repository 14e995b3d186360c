package org.caravanmta.submission.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * The UTF-8 part of internationalised addresses (RFC 6531 §3.3): well-formed, and no character that is invisible, a
 * blank or a control; in domains letters, digits and marks only (the rough shape of U-labels).
 */
final class Utf8Syntax {

    private Utf8Syntax() {
    }

    static boolean localPart(byte[] a, int from, int to) {
        return all(a, from, to, Utf8Syntax::visible);
    }

    static boolean domain(byte[] a, int from, int to) {
        return all(a, from, to, Utf8Syntax::inLabel);
    }

    private static boolean all(byte[] a, int from, int to, IntPredicate allowed) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(a, from, to - from)).codePoints()
                    .allMatch(c -> c < 128 || allowed.test(c));
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean visible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    private static boolean inLabel(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c) || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }
}
