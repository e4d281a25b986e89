package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reads of the mapped header, which SQLite writes word by word, the second copy before the first. Each read returns the
 * newest header, as one write left it. The words are plain memory, so the results of free-running threads are compared
 * with every order of their operations.
 */
public class WalIndexSchedulesTest {
    private static final int COPY = 6;
    private static final long FORMAT = 3_007_000;
    private static final long INITIALISED = 1L << 32;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(WalIndex.BYTES);
    private final LongBuffer words = memory.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    private final WalIndex index = new WalIndex(memory, Runnable::run);

    public WalIndexSchedulesTest() {
        write(0);
    }

    /** Writes as one writer at a time, as under the write lock. */
    @Operation
    public synchronized void write(@Param(gen = IntGen.class, conf = "1:9") int value) {
        for (int at : new int[] {COPY, 0}) {
            words.put(at, FORMAT);
            words.put(at + 1, INITIALISED | value);
            for (int i = 2; i < COPY; i++) {
                words.put(at + i, value);
            }
            VarHandle.fullFence();
        }
    }

    @Operation
    public long read() {
        Optional<Header> header = index.header();
        while (header.isEmpty()) {
            header = index.header();
        }
        Header whole = header.get();
        long value = whole.changes() & ~INITIALISED;
        boolean isWhole = whole.size() == value
                && whole.lastFrame() == value
                && whole.salts() == value
                && whole.checksum() == value;
        return isWhole ? value : -1;
    }

    @Test
    @Timeout(600)
    void reads_duringWrites_returnWholeHeaders() {
        new StressOptions()
                .threads(2)
                .actorsPerThread(3)
                .iterations(Integer.getInteger("fencepost.schedules.programs", 10))
                .invocationsPerIteration(10 * Integer.getInteger("fencepost.schedules.orders", 100))
                .minimizeFailedScenario(false)
                .check(WalIndexSchedulesTest.class);
    }
}
