package dev.fencepost.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A selector of figures by experiment, subject, unit and some settings. Immutable. */
record FigureSelector(String experiment, String subject, Predicate<String> unit, Map<String, String> settings) {
    FigureSelector {
        settings = Map.copyOf(settings);
    }

    /** Selects rates in any unit per second. */
    static FigureSelector rate(String experiment, String subject) {
        return new FigureSelector(experiment, subject, unit -> unit.endsWith("/s"), Map.of());
    }

    /** Selects figures in one unit. */
    static FigureSelector figure(String experiment, String subject, String unit) {
        return new FigureSelector(experiment, subject, unit::equals, Map.of());
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

    List<Figure> figures(Results results) {
        return results.experiment(experiment).stream()
                .flatMap(findings -> findings.figures().stream())
                .filter(figure -> unit.test(figure.unit()) && fits(figure))
                .toList();
    }

    List<Latencies> latencies(Results results) {
        return results.experiment(experiment).stream()
                .flatMap(findings -> findings.latencies().stream())
                .filter(this::fits)
                .toList();
    }

    private boolean fits(Measurement one) {
        return one.subject().equals(subject) && one.settings().entrySet().containsAll(settings.entrySet());
    }
}
