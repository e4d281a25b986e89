package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Numbers from the results, one for each repeat; none if the results do not have them. */
@FunctionalInterface
interface Sample {
    List<Double> in(Results results);

    /** Takes a figure's values. */
    static Sample of(FigureSelector pick) {
        return results -> pick.figures(results).stream()
                .flatMap(figure -> figure.values().stream())
                .toList();
    }

    /** Takes a value of each repeat's latencies, such as their median. */
    static Sample ofLatencies(FigureSelector pick, ToDoubleFunction<Histogram> what) {
        return results -> pick.latencies(results).stream()
                .flatMap(latencies -> latencies.repeats().stream())
                .map(what::applyAsDouble)
                .toList();
    }

    /**
     * Divides one figure by another of the same repeat. If several match, those are paired whose other settings are
     * equal.
     */
    static Sample quotient(FigureSelector above, FigureSelector below) {
        return results -> {
            List<Figure> over = above.figures(results);
            List<Figure> under = below.figures(results);
            List<Double> ratios = new ArrayList<>();
            for (Figure figure : over) {
                for (Figure other : under) {
                    boolean alone = over.size() == 1 && under.size() == 1;
                    if (alone || rest(figure, above, below).equals(rest(other, above, below))) {
                        ratios.addAll(divide(figure, other));
                    }
                }
            }
            return ratios;
        };
    }

    /** Divides each repeat of one by the same repeat of the other; repeats with a zero divisor are left out. */
    static List<Double> divide(Figure above, Figure below) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(above.values().size(), below.values().size()); i++) {
            if (below.values().get(i) != 0) {
                ratios.add(above.values().get(i) / below.values().get(i));
            }
        }
        return ratios;
    }

    private static Map<String, String> rest(Figure figure, FigureSelector above, FigureSelector below) {
        Map<String, String> rest = new LinkedHashMap<>(figure.settings());
        rest.keySet().removeAll(above.settings().keySet());
        rest.keySet().removeAll(below.settings().keySet());
        rest.put("unit", figure.unit());
        return rest;
    }
}
