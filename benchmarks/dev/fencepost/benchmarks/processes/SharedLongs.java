package dev.fencepost.benchmarks.processes;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Numbers that several processes share: a mapped file, initially all zero. Safe for use by many threads and processes.
 */
final class SharedLongs {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer bytes;

    private SharedLongs(MappedByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Maps a file of this many numbers, and creates it if it does not exist. */
    static SharedLongs map(Path file, int count) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new SharedLongs(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) count * Long.BYTES));
        }
    }

    int size() {
        return bytes.capacity() / Long.BYTES;
    }

    long get(int index) {
        return (long) LONG.getVolatile(bytes, index * Long.BYTES);
    }

    void set(int index, long value) {
        LONG.setVolatile(bytes, index * Long.BYTES, value);
    }
}
