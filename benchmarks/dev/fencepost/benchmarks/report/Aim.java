package dev.fencepost.benchmarks.report;

import dev.fencepost.benchmarks.report.Verdict.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * A bound on something that is measured. It is met if the median over the repeats is within it.
 *
 * @param what what is aimed at
 * @param bound the bound in words
 */
record Aim(String what, Sample sample, String bound, DoublePredicate within) {
    static Aim atLeast(double least, String what, Sample sample) {
        return new Aim(what, sample, "\u2265 " + Numbers.exact(least), value -> value >= least);
    }

    static Aim atMost(double most, String what, Sample sample) {
        return new Aim(what, sample, "\u2264 " + Numbers.exact(most), value -> value <= most);
    }

    static Aim below(double most, String what, Sample sample) {
        return new Aim(what, sample, "< " + Numbers.exact(most), value -> value < most);
    }

    Verdict judge(Results results) {
        List<Double> values = sample.in(results);
        if (values.isEmpty()) {
            return new Verdict(what, bound, Optional.empty(), Outcome.NOT_MEASURED);
        }
        Spread measured = Spread.of(values);
        return new Verdict(
                what, bound, Optional.of(measured), within.test(measured.median()) ? Outcome.MET : Outcome.NOT_MET);
    }
}
