package dev.fencepost.internal.commit;

import dev.fencepost.internal.util.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The time since Linux was started, in milliseconds. It includes time in which the system was suspended, never goes
 * back, and is the same for all processes of one boot and time namespace.
 */
final class Uptime implements LongSupplier {
    private final Path file;
    private long last;

    private Uptime(Path file, long last) {
        this.file = file;
        this.last = last;
    }

    /** Returns the system's uptime, or a clock of this process alone if the system does not report its uptime. */
    static LongSupplier ofSystem() {
        return of(Path.of("/proc/uptime"));
    }

    static LongSupplier of(Path file) {
        OptionalLong first = read(file);
        return first.isPresent() ? new Uptime(file, first.getAsLong()) : () -> Deadline.now() / 1_000_000;
    }

    /** Tells whether readings are comparable with those of other processes. */
    static boolean isShared(LongSupplier elapsed) {
        return elapsed instanceof Uptime;
    }

    /**
     * Returns the uptime, or the last reading if the file cannot be read. Time then seems not to pass, so nothing is
     * pruned.
     */
    @Override
    public synchronized long getAsLong() {
        last = Math.max(last, read(file).orElse(last));
        return last;
    }

    private static OptionalLong read(Path file) {
        try {
            String text = Files.readString(file);
            return OptionalLong.of((long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1000));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return OptionalLong.empty();
        }
    }
}
