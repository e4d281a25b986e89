package dev.fencepost.benchmarks.processes;

/** The time that is measured: from after the warm-up, for as long as was said. */
record Window(long begin, long end) {
    /** Begins the warm-up now. */
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
