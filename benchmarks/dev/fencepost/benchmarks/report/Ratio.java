package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A comparison in a report: the figures of one subject as multiples of another's, within a repeat, with equal settings
 * and units.
 */
public record Ratio(String subject, String against) {
    /** Returns the ratios of each repeat, as figures with the settings and unit of the compared ones. */
    List<Figure> of(List<Figure> figures) {
        List<Figure> ratios = new ArrayList<>();
        for (Figure above : figures) {
            for (Figure below : figures) {
                List<Double> values = pairs(above, below) ? above.over(below) : List.of();
                if (!values.isEmpty()) {
                    ratios.add(
                            new Figure(subject + " / " + against, above.settings(), above.unit(), values, List.of()));
                }
            }
        }
        return ratios;
    }

    private boolean pairs(Figure above, Figure below) {
        return above.subject().equals(subject)
                && below.subject().equals(against)
                && above.settings().equals(below.settings())
                && above.unit().equals(below.unit());
    }
}
