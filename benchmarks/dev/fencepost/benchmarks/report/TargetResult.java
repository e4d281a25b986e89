package dev.fencepost.benchmarks.report;

import java.util.Optional;

/**
 * What became of an aim.
 *
 * @param what what was aimed at
 * @param bound within which bound
 * @param measured over the repeats; empty if it was not measured
 */
public record TargetResult(String what, String bound, Optional<Spread> measured, Outcome outcome) {
    /** Whether it was reached. */
    public enum Outcome {
        MET("met"),
        NOT_MET("not met"),
        NOT_MEASURED("not measured");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
