package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was measured of one subject under the same settings in one unit, in each repeat.
 *
 * @param settings in the order in which they are shown
 * @param values one of each repeat, in their order
 * @param errors half the width of each value's confidence interval of 99.9 %, where it is known, otherwise empty
 */
public record Figure(
        String subject,
        Map<String, String> settings,
        String unit,
        List<Double> values,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Double> errors)
        implements Measurement {
    public Figure {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        values = List.copyOf(values);
        errors = List.copyOf(errors);
    }

    /** The median, and how far the repeats lie apart. */
    public Spread spread() {
        return Spread.of(values);
    }

    /** In the order in which the units first appear. */
    static Map<String, List<Figure>> byUnit(List<Figure> figures) {
        return figures.stream().collect(Collectors.groupingBy(Figure::unit, LinkedHashMap::new, Collectors.toList()));
    }
}
