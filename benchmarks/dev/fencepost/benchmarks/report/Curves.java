package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Latencies over percentiles from the median on. Each tick adds a nine to the percentile; both axes are logarithmic.
 */
final class Curves {
    private static final double MEDIAN = Math.log10(2);

    /** Long enough that a dashed line, whose dashes restart at each point, does not look solid. */
    private static final double STEP = 0.15;

    private static final List<String> TICKS = List.of("0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %");

    private final ChartStyle look;
    private final String title;
    private final Layout layout;

    Curves(ChartStyle look, String title, Layout layout) {
        this.look = look;
        this.title = title;
        this.layout = layout;
    }

    Chart<?, ?> of(List<Latencies> all) {
        XYChart chart = look.chart(title, "percentile, from 50 %", "latency");
        chart.setCustomYAxisTickLabelsFormatter(Numbers::nanos);
        Map<String, Integer> drawn = new HashMap<>();
        double most = 1;
        for (Latencies latencies : all) {
            String subject = latencies.subject();
            XYSeries curve = draw(chart, latencies);
            curve.setLineColor(look.colour(subject));
            curve.setLineStyle(ChartStyle.stroke(subject, drawn.merge(subject, 1, Integer::sum)));
            most = Math.max(most, curve.getXMax());
        }
        ChartStyle.ticks(chart, MEDIAN, most, TICKS::get);
        ChartStyle.logarithmic(chart);
        return chart;
    }

    private XYSeries draw(XYChart chart, Latencies latencies) {
        Histogram merged = latencies.merged();
        // The highest percentile that a single latency represents.
        double nines = Math.min(TICKS.size() - 1, Math.log10(merged.getTotalCount()));
        List<Double> places = new ArrayList<>();
        for (double place = MEDIAN; place < nines; place += STEP) {
            places.add(place);
        }
        places.add(nines);
        List<Double> values = places.stream()
                .map(place -> merged.getValueAtPercentile(100 * (1 - Math.pow(10, -place))))
                .map(nanos -> (double) Math.max(1, nanos))
                .toList();
        String label = Layout.label(latencies, layout.varying());
        XYSeries series = chart.addSeries(label, places, values);
        series.setMarker(SeriesMarkers.NONE);
        return series;
    }
}
