package dev.fencepost.benchmarks.processes;

import org.HdrHistogram.Histogram;

/**
 * Repeats an operation during the warm-up and the measured time. The report has:
 *
 * <ul>
 *   <li>{@code all}: the number of operations, including the warm-up; for checks of the final state.
 *   <li>{@code counted}: the number of operations that ended within the measured time; for rates.
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
        gate.pass();
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
        return new Report().count(ALL, all).count(COUNTED, counted).histogram(LATENCIES, latencies);
    }
}
