package dev.fencepost.benchmarks.processes;

import org.HdrHistogram.Histogram;

/**
 * Does one thing over and over, for the warm-up and the time that is measured. The report has:
 *
 * <ul>
 *   <li>{@code all}: how often it was done, the warm-up included; for checks of what is there in the end.
 *   <li>{@code counted}: how many ended within the time that is measured; for rates.
 *   <li>{@code latencies}: of each that was under way within that time, however early it began and however late it
 *       ended, so that none who starved is left out.
 * </ul>
 */
final class TimedLoop {
    static final String ALL = "all";
    static final String COUNTED = "counted";
    static final String LATENCIES = "latencies";

    /** How many a second; see {@link Pacer}. */
    static final String RATE = "rate";

    private TimedLoop() {}

    /** What is done. */
    interface Work {
        /** Does it once; is told the time that is measured. */
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
