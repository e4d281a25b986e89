package dev.fencepost.benchmarks.report;

import java.util.Map;

/** A measurement of a subject under some settings. */
sealed interface Measurement permits Figure, Latencies {
    String subject();

    /** Returns the settings in display order. */
    Map<String, String> settings();
}
