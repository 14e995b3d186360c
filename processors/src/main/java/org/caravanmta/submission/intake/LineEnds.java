package org.caravanmta.submission.intake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Makes every LF a CR LF, piece by piece; a CR that no LF follows stays, for others to object to. */
final class LineEnds {

    private boolean afterCr;

    /** @return {@code [0, length)} itself when there is nothing to change, else a copy */
    ByteBuf crlf(byte[] a, int length) {
        int bare = 0;
        boolean cr = afterCr;
        for (int i = 0; i < length; i++) {
            if (a[i] == '\n' && !cr)
                bare++;
            cr = a[i] == '\r';
        }
        boolean before = afterCr;
        afterCr = length == 0 ? before : cr;
        if (bare == 0)
            return Unpooled.wrappedBuffer(a, 0, length);
        byte[] b = new byte[length + bare];
        int w = 0;
        cr = before;
        for (int i = 0; i < length; i++) {
            if (a[i] == '\n' && !cr)
                b[w++] = '\r';
            b[w++] = a[i];
            cr = a[i] == '\r';
        }
        return Unpooled.wrappedBuffer(b);
    }
}
