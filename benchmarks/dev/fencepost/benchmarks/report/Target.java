package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bound on a measured quantity. It is met if the median over the repeats is within it.
 *
 * @param what the quantity
 * @param values its values, one for each repeat; none if the results do not have them
 * @param bound the bound in words
 */
record Target(String what, Function<Results, List<Double>> values, String bound, DoublePredicate within) {
    /**
     * The result of a target.
     *
     * @param measured the spread over the repeats; missing if it was not measured
     */
    record Result(
            String what,
            String bound,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Spread measured,

            Outcome outcome) {}

    /** The outcome of a target. */
    enum Outcome {
        MET,
        NOT_MET,
        NOT_MEASURED;

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    static Target atLeast(double least, String what, Function<Results, List<Double>> values) {
        return new Target(what, values, "\u2265 " + Numbers.exact(least), value -> value >= least);
    }

    static Target atMost(double most, String what, Function<Results, List<Double>> values) {
        return new Target(what, values, "\u2264 " + Numbers.exact(most), value -> value <= most);
    }

    static Target below(double most, String what, Function<Results, List<Double>> values) {
        return new Target(what, values, "< " + Numbers.exact(most), value -> value < most);
    }

    Result judge(Results results) {
        List<Double> repeats = values.apply(results);
        if (repeats.isEmpty()) {
            return new Result(what, bound, null, Outcome.NOT_MEASURED);
        }
        Spread measured = Spread.of(repeats);
        return new Result(what, bound, measured, within.test(measured.median()) ? Outcome.MET : Outcome.NOT_MET);
    }
}
