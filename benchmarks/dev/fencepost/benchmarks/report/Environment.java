package dev.fencepost.benchmarks.report;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Under which circumstances it was measured.
 *
 * @param date when it began, in ISO-8601, UTC
 * @param commit the commit of this repository, with '+' behind it if files differed from it
 * @param depth how thorough it was
 * @param repeats how often each figure was taken
 * @param lengthMillis how long each figure was measured, in milliseconds
 * @param versions what took part, by name
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

    /** The same, with more that took part. */
    public Environment with(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(versions);
        all.putAll(more);
        return new Environment(date, commit, depth, repeats, lengthMillis, machine, all);
    }
}
