package dev.fencepost.benchmarks.report;

import dev.fencepost.benchmarks.report.TargetResult.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * A bound on a measured quantity. It is met if the median over the repeats is within it.
 *
 * @param what the quantity
 * @param bound the bound in words
 */
record Target(String what, Sample sample, String bound, DoublePredicate within) {
    static Target atLeast(double least, String what, Sample sample) {
        return new Target(what, sample, "\u2265 " + Numbers.exact(least), value -> value >= least);
    }

    static Target atMost(double most, String what, Sample sample) {
        return new Target(what, sample, "\u2264 " + Numbers.exact(most), value -> value <= most);
    }

    static Target below(double most, String what, Sample sample) {
        return new Target(what, sample, "< " + Numbers.exact(most), value -> value < most);
    }

    TargetResult judge(Results results) {
        List<Double> values = sample.in(results);
        if (values.isEmpty()) {
            return new TargetResult(what, bound, Optional.empty(), Outcome.NOT_MEASURED);
        }
        Spread measured = Spread.of(values);
        return new TargetResult(
                what, bound, Optional.of(measured), within.test(measured.median()) ? Outcome.MET : Outcome.NOT_MET);
    }
}
