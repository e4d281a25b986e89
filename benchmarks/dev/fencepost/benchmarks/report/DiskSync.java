package dev.fencepost.benchmarks.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The time of an {@code fdatasync} of a disk, as medians of some in sequence. Ratios of durable commits depend on it.
 *
 * @param bytes the bytes that are written before each
 * @param appendNanos the time if they extend the file, in nanoseconds
 * @param overwriteNanos the time if they replace bytes of the file, in nanoseconds
 */
public record DiskSync(int bytes, double appendNanos, double overwriteNanos) {
    private static final int BYTES = 16 << 10;

    /** Measures the disk of a folder with this many syncs of each kind. */
    public static DiskSync of(Path folder, int times) throws IOException {
        Path file = Files.createTempFile(folder, "sync", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            double append = median(channel, times, BYTES);
            double overwrite = median(channel, times, 0);
            return new DiskSync(BYTES, append, overwrite);
        } finally {
            Files.delete(file);
        }
    }

    /** Returns the median time after writes that are this many bytes apart. */
    private static double median(FileChannel channel, int times, int step) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(BYTES);
        List<Double> nanos = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            content.clear();
            channel.write(content, (long) i * step);
            long before = System.nanoTime();
            channel.force(false);
            nanos.add((double) (System.nanoTime() - before));
        }
        return Spread.of(nanos).median();
    }

    /** Returns the times in words. */
    String words() {
        return "fdatasync after " + bytes / 1024 + " KB takes " + Numbers.nanos(appendNanos)
                + " if they are appended, and " + Numbers.nanos(overwriteNanos) + " if they are overwritten";
    }
}
