package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A selector of figures by experiment, subject, unit and some settings. As a function, it returns their values, one for
 * each repeat; none if the results do not have them. Immutable.
 */
record FigureSelector(String experiment, String subject, Predicate<String> unit, Map<String, String> settings)
        implements Function<Results, List<Double>> {
    FigureSelector {
        settings = Map.copyOf(settings);
    }

    /** Selects rates of Fencepost in any unit per second. */
    static FigureSelector rate(String experiment) {
        return new FigureSelector(experiment, "fencepost", unit -> unit.endsWith("/s"), Map.of());
    }

    /** Selects figures of Fencepost in one unit. */
    static FigureSelector figure(String experiment, String unit) {
        return new FigureSelector(experiment, "fencepost", unit::equals, Map.of());
    }

    /** Returns the same selector for another subject. */
    FigureSelector of(String other) {
        return new FigureSelector(experiment, other, unit, settings);
    }

    FigureSelector with(String setting, Object value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(setting, value.toString());
        return new FigureSelector(experiment, subject, unit, more);
    }

    @Override
    public List<Double> apply(Results results) {
        return figures(results).stream()
                .flatMap(figure -> figure.values().stream())
                .toList();
    }

    /** Takes a value of each repeat's latencies, such as their median. */
    Function<Results, List<Double>> latencies(ToDoubleFunction<Latencies.Percentiles> value) {
        return results -> findings(results)
                .flatMap(findings -> findings.latencies().stream())
                .filter(this::fits)
                .flatMap(latencies -> latencies.repeats().stream())
                .map(value::applyAsDouble)
                .toList();
    }

    /** Divides the figures by those of another subject. */
    Function<Results, List<Double>> over(String other) {
        return over(of(other));
    }

    /**
     * Divides one figure by another of the same repeat. If several match, those are paired whose other settings are
     * equal.
     */
    Function<Results, List<Double>> over(FigureSelector below) {
        return results -> {
            List<Figure> above = figures(results);
            List<Figure> under = below.figures(results);
            List<Double> ratios = new ArrayList<>();
            for (Figure figure : above) {
                for (Figure other : under) {
                    boolean alone = above.size() == 1 && under.size() == 1;
                    if (alone || rest(figure, below).equals(rest(other, below))) {
                        ratios.addAll(figure.over(other));
                    }
                }
            }
            return ratios;
        };
    }

    /** Divides the figures by one that was recorded earlier, on a machine of the same kind. */
    Function<Results, List<Double>> over(double recorded) {
        return results -> apply(results).stream().map(value -> value / recorded).toList();
    }

    private Map<String, String> rest(Figure figure, FigureSelector other) {
        Map<String, String> rest = new LinkedHashMap<>(figure.settings());
        rest.keySet().removeAll(settings.keySet());
        rest.keySet().removeAll(other.settings.keySet());
        rest.put("unit", figure.unit());
        return rest;
    }

    private List<Figure> figures(Results results) {
        return findings(results)
                .flatMap(findings -> findings.figures().stream())
                .filter(figure -> unit.test(figure.unit()) && fits(figure))
                .toList();
    }

    private Stream<Findings> findings(Results results) {
        return results.experiments().stream().filter(findings -> findings.name().equals(experiment));
    }

    private boolean fits(Measurement one) {
        return one.subject().equals(subject) && one.settings().entrySet().containsAll(settings.entrySet());
    }
}
