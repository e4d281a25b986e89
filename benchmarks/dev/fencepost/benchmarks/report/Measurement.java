package dev.fencepost.benchmarks.report;

import java.util.Map;

/** Something that was measured of a subject under some settings. */
sealed interface Measurement permits Figure, Latencies {
    String subject();

    /** In the order in which they are shown. */
    Map<String, String> settings();
}
