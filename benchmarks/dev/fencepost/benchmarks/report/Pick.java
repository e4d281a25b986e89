package dev.fencepost.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which figures are meant: those of an experiment and a subject that have these settings among theirs, in a unit that fits.
 * Immutable.
 */
record Pick(String experiment, String subject, Predicate<String> unit, Map<String, String> settings) {
    Pick {
        settings = Map.copyOf(settings);
    }

    /** Rates, in whatever for each second. */
    static Pick rate(String experiment, String subject) {
        return new Pick(experiment, subject, unit -> unit.endsWith("/s"), Map.of());
    }

    /** Figures in one unit. */
    static Pick figure(String experiment, String subject, String unit) {
        return new Pick(experiment, subject, unit::equals, Map.of());
    }

    /** The same of another subject. */
    Pick of(String other) {
        return new Pick(experiment, other, unit, settings);
    }

    Pick with(String setting, Object value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(setting, value.toString());
        return new Pick(experiment, subject, unit, more);
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
