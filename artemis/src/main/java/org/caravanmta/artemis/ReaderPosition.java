package org.caravanmta.artemis;

/**
 * How far an event reader has come: what it stored itself, and how many events it has done of the one pack that it did
 * not finish.
 *
 * @param packId     broker message of the unfinished pack; 0 when there is none
 * @param doneEvents its first events that must not come again
 * @param checkpoint the reader's own bytes; null before the first
 */
record ReaderPosition(long packId, int doneEvents, byte[] checkpoint) {

    private static final int VERSION = 1;

    byte[] encode() {
        FieldWriter w = new FieldWriter(32 + (checkpoint == null ? 0 : checkpoint.length));
        w.writeByte(VERSION).writeLong(packId).writeInt(doneEvents);
        if (checkpoint == null)
            return w.writeByte(0).toBytes();
        return w.writeByte(1).writeInt(checkpoint.length).write(checkpoint, 0, checkpoint.length).toBytes();
    }

    /** @param bytes null for a new reader */
    static ReaderPosition decode(byte[] bytes) {
        if (bytes == null)
            return new ReaderPosition(0, 0, null);
        FieldReader r = new FieldReader(bytes, 0, bytes.length);
        int version = r.readByte();
        if (version != VERSION)
            throw new IllegalArgumentException("unknown checkpoint version " + version);
        long packId = r.readLong();
        int done = r.readInt();
        return new ReaderPosition(packId, done, r.readByte() == 0 ? null : r.readBytes(r.readInt()));
    }

    int doneOf(long messageId) {
        return messageId == packId ? doneEvents : 0;
    }
}
