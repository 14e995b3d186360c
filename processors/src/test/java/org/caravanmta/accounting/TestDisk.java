package org.caravanmta.accounting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Real files on a disk that a test can fill, and that reports every step that changes something. */
final class TestDisk implements AccountingFile.Opener {

    static final long MUCH = Long.MAX_VALUE / 2;

    /** Bytes that still fit. */
    final AtomicLong room = new AtomicLong(MUCH);
    final AtomicLong refused = new AtomicLong();
    volatile Runnable step = () -> {
    };
    /** After the bytes of a batch were handed over, before anybody can know. */
    volatile Runnable onForce = () -> {
    };

    @Override
    public FileChannel open(Path path) throws IOException {
        return new LimitedChannel(AccountingFile.ON_DISK.open(path));
    }

    private final class LimitedChannel extends FileChannel {

        private static final int PIECE = 300;
        private final FileChannel to;

        LimitedChannel(FileChannel to) {
            this.to = to;
        }

        @Override
        public int write(ByteBuffer src, long position) throws IOException {
            step.run();
            int n = (int) Math.min(Math.min(PIECE, src.remaining()), room.get());
            if (n == 0 && src.hasRemaining()) {
                refused.incrementAndGet();
                throw new IOException("No space left on device");
            }
            ByteBuffer piece = src.slice(src.position(), n);
            int written = to.write(piece, position);
            room.addAndGet(-written);
            src.position(src.position() + written);
            return written;
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            step.run();
            room.addAndGet(Math.max(0, to.size() - size));
            to.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            step.run();
            to.force(metaData);
            onForce.run();
        }

        @Override
        public int read(ByteBuffer dst, long position) throws IOException {
            return to.read(dst, position);
        }

        @Override
        public long size() throws IOException {
            return to.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            to.close();
        }

        @Override
        public int read(ByteBuffer dst) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer src) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel src, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
