package dev.fencepost.benchmarks.report;

import java.util.Optional;

/**
 * The result of a target.
 *
 * @param what the quantity
 * @param bound the bound
 * @param measured the spread over the repeats; empty if it was not measured
 */
public record TargetResult(String what, String bound, Optional<Spread> measured, Outcome outcome) {
    /** The outcome of a target. */
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
