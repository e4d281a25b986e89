package dev.fencepost.benchmarks.run;

import java.util.Locale;

/** A cost of commits that depends on the speed of the machine less than their time does. */
public enum Cost {
    /** The processor time of the processes, in nanoseconds. */
    PROCESSOR("\u00b5s of processor/commit", 1e-3),
    /** The number of times that a thread of the processes gave up its core, or lost it. */
    SWITCHES("context switches/commit", 1),
    /** The bytes that the processes changed in pages which go to the disk. */
    WRITTEN("bytes to disk/commit", 1),
    /** The number of flushes of the whole disk, by all programs: that of syncs, if the machine is quiet. */
    FLUSHES("disk flushes/commit", 1);

    private final String unit;
    private final double scale;

    Cost(String unit, double scale) {
        this.unit = unit;
        this.scale = scale;
    }

    /** Returns the unit of figures. */
    String unit() {
        return unit;
    }

    double scaled(double amount) {
        return amount * scale;
    }

    /** Returns the name in what processes report. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
