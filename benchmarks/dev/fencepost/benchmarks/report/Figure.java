package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A measurement of one subject under the same settings in one unit, with a value for each repeat.
 *
 * @param settings the settings in display order
 * @param values the values of the repeats in order
 * @param errors half the width of each value's confidence interval of 99.9 %, if known; otherwise empty
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

    /** Returns the median and range of the repeats. */
    public Spread spread() {
        return Spread.of(values);
    }

    /** Divides each repeat by the same repeat of another figure; repeats with a zero divisor are left out. */
    List<Double> over(Figure other) {
        return IntStream.range(0, Math.min(values.size(), other.values.size()))
                .filter(repeat -> other.values.get(repeat) != 0)
                .mapToObj(repeat -> values.get(repeat) / other.values.get(repeat))
                .toList();
    }

    /** Tells whether this is a cost of a commit. Reports show all costs in one table. */
    boolean isCost() {
        return unit.endsWith("/commit");
    }

    /** Groups figures by unit, in the order in which the units first appear. */
    static Map<String, List<Figure>> byUnit(List<Figure> figures) {
        return figures.stream().collect(Collectors.groupingBy(Figure::unit, LinkedHashMap::new, Collectors.toList()));
    }
}
