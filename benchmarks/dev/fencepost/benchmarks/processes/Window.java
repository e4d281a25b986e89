package dev.fencepost.benchmarks.processes;

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
