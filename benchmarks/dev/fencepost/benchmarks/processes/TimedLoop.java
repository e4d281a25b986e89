package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Costs;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Repeats an operation during the warm-up and the measured time. The report has:
 *
 * <ul>
 *   <li>{@code all}: the number of operations, including the warm-up; for checks of the final state.
 *   <li>{@code counted}: the number of operations that ended within the measured time; for rates.
 *   <li>the {@link Costs} of all operations.
 *   <li>{@code latencies}: the latency of each operation that overlapped with the measured time, including starved ones
 *       that began long before it or ended long after it.
 * </ul>
 */
final class TimedLoop {
    static final String ALL = "all";
    static final String COUNTED = "counted";
    static final String LATENCIES = "latencies";

    /** The setting with the rate per second; see {@link Pacer}. */
    static final String RATE = "rate";

    private TimedLoop() {}

    /** An operation that is repeated. */
    interface Work {
        /** Runs the operation once in the measured time. */
        void once(Window window) throws Exception;
    }

    static Report run(Settings settings, Gate gate, Work work) throws Exception {
        Histogram latencies = Report.freshHistogram();
        Path folder = Objects.requireNonNull(settings.file().toAbsolutePath().getParent());
        gate.pass();
        Costs before = Costs.now(folder, List.of());
        Window window = Window.afterWarmUp(settings);
        Pacer pace = new Pacer(settings.number(RATE, 0));
        long all = 0;
        long counted = 0;
        for (long begun = pace.await(); !window.hasEnded(begun); begun = pace.await()) {
            work.once(window);
            long ended = System.nanoTime();
            all++;
            if (window.contains(ended)) {
                counted++;
            }
            if (window.hasBegun(ended)) {
                latencies.recordValue(ended - begun);
            }
        }
        Costs costs = Costs.now(folder, List.of()).since(before);
        return new Report().costs(costs).count(ALL, all).count(COUNTED, counted).histogram(LATENCIES, latencies);
    }

    /** The measured time, which begins after the warm-up. */
    record Window(long begin, long end) {
        /** Starts the warm-up now, and returns the time after it. */
        static Window afterWarmUp(Settings settings) {
            long begin = System.nanoTime() + settings.duration("warm-up").toNanos();
            return new Window(begin, begin + settings.duration("length").toNanos());
        }

        boolean hasBegun(long time) {
            return time - begin >= 0;
        }

        boolean hasEnded(long time) {
            return time - end >= 0;
        }

        boolean contains(long time) {
            return hasBegun(time) && !hasEnded(time);
        }
    }

    /**
     * The schedule of operations. At a given rate, start times are random, like those of many independent sources, and do
     * not depend on the end of earlier operations. The delay of a late operation counts, which avoids coordinated omission.
     * The system's timers wake some tens of microseconds late, which counts too. Not thread-safe.
     */
    static final class Pacer {
        private final double gapNanos;
        private long next = System.nanoTime();

        /**
         * Starts the schedule now.
         *
         * @param perSecond the mean number of operations per second; 0 for one after the other without a pause
         */
        Pacer(long perSecond) {
            this.gapNanos = perSecond == 0 ? 0 : 1e9 / perSecond;
        }

        /** Waits for the next start time and returns it. */
        long await() {
            if (gapNanos == 0) {
                return System.nanoTime();
            }
            next += (long) (-Math.log(1 - ThreadLocalRandom.current().nextDouble()) * gapNanos);
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return next;
        }
    }
}
