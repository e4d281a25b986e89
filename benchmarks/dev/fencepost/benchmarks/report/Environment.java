package dev.fencepost.benchmarks.report;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment of a run.
 *
 * @param date the time of its beginning, in ISO-8601, UTC
 * @param commit the commit of this repository, followed by '+' if files differed from it
 * @param depth the thoroughness of the run
 * @param repeats the number of repeats of each figure
 * @param lengthMillis the measured time of each figure, in milliseconds
 * @param versions the versions of all components, by name
 */
public record Environment(
        String date,
        String commit,
        String depth,
        int repeats,
        long lengthMillis,
        Machine machine,
        Map<String, String> versions) {
    public Environment {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }
}
