package dev.fencepost.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Charts in a common style. A subject has the same colour in all of them, by the order of first appearance. Fencepost
 * always has the first colour and a thicker line. Not thread-safe.
 */
final class Charts {
    private static final String FENCEPOST = "fencepost";
    private static final int WIDTH = 860;
    private static final int HEIGHT = 460;
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);

    /** Okabe and Ito's colours, which people with colour vision deficiency can distinguish; then darker ones. */
    private static final List<Color> COLOURS = List.of(
            new Color(0x00, 0x72, 0xb2),
            new Color(0xd5, 0x5e, 0x00),
            new Color(0x00, 0x9e, 0x73),
            new Color(0xcc, 0x79, 0xa7),
            new Color(0xe6, 0x9f, 0x00),
            new Color(0x56, 0xb4, 0xe9),
            new Color(0x55, 0x55, 0x55),
            new Color(0x7a, 0x3e, 0x9d),
            new Color(0x8c, 0x56, 0x4b),
            new Color(0x9a, 0xa0, 0x00));

    /** The ratio of figures beyond which the axis is logarithmic, so that the small ones differ visibly from zero. */
    private static final double WIDE = 30;

    private static final double MARGIN = 0.25;
    private static final double NEAR = 1e-6;

    /** The first tick of percentiles; each further one adds a nine. */
    private static final double MEDIAN = Math.log10(2);

    private static final List<String> NINES = List.of("0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %");

    /** Long enough that a dashed line, whose dashes restart at each point, does not look solid. */
    private static final double STEP = 0.15;

    private final List<String> subjects = new ArrayList<>(List.of(FENCEPOST));

    /** Draws medians as horizontal bars, each with its figure beside its name. */
    Chart<?, ?> bars(String title, List<Figure> figures) {
        List<String> varying = Measurement.varying(figures);
        List<String> names = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Figure figure : figures) {
            double median = figure.spread().median();
            names.add(figure.label(varying) + ":  " + Numbers.plain(median));
            values.add(median);
        }
        String unit = figures.get(0).unit();
        HorizontalBarChart chart = new HorizontalBarChart(WIDTH, 110 + 28 * names.size());
        apply(chart.getStyler());
        chart.setTitle(title);
        chart.setXAxisTitle(unit);
        chart.setCustomXAxisTickLabelsFormatter(Numbers::plain);
        chart.getStyler()
                .setYAxisTitleVisible(false)
                .setYAxisLabelAlignment(TextAlignment.Right)
                // Long names are drawn some pixels wider than measured.
                .setAxisTickPadding(16);
        chart.getStyler().setAvailableSpaceFill(0.7).setLegendVisible(false);
        chart.getStyler()
                // The limit also applies to the names on the other axis, and every bar needs its name.
                .setXAxisMaxLabelCount(Math.max(8, names.size()))
                .setPlotGridHorizontalLinesVisible(false)
                .setPlotGridVerticalLinesVisible(true);
        chart.addSeries(unit, values, names).setFillColor(colour(FENCEPOST));
        return chart;
    }

    /** Draws medians as lines over a numeric setting, whose values are evenly spaced, with a point for each repeat. */
    Chart<?, ?> lines(String title, String along, List<Figure> figures) {
        Function<Figure, String> place = figure -> figure.settings().getOrDefault(along, "0");
        List<String> places = figures.stream()
                .map(place)
                .distinct()
                .sorted(Comparator.comparingDouble(Double::parseDouble))
                .toList();
        XYChart chart = chart(title, along, figures.get(0).unit());
        ticks(chart, -MARGIN, places.size() - 1 + MARGIN, places::get);
        List<String> others = new ArrayList<>(Measurement.varying(figures));
        others.remove(along);
        Map<String, Integer> drawn = new HashMap<>();
        figures.stream()
                .sorted(Comparator.comparingDouble(figure -> Double.parseDouble(place.apply(figure))))
                .collect(Collectors.groupingBy(figure -> figure.label(others), LinkedHashMap::new, Collectors.toList()))
                .forEach((name, line) -> line(chart, name, line, figure -> places.indexOf(place.apply(figure)), drawn));
        Spread all = Spread.of(
                figures.stream().flatMap(figure -> figure.values().stream()).toList());
        if (all.least() > 0 && all.most() / all.least() > WIDE) {
            logarithmic(chart);
        } else {
            chart.getStyler().setYAxisMin(Math.min(0, all.least()));
        }
        chart.setCustomYAxisTickLabelsFormatter(Numbers::plain);
        return chart;
    }

    private void line(
            XYChart chart,
            String name,
            List<Figure> line,
            Function<Figure, Integer> place,
            Map<String, Integer> drawn) {
        List<Integer> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Integer> repeatX = new ArrayList<>();
        List<Double> repeatY = new ArrayList<>();
        for (Figure figure : line) {
            x.add(place.apply(figure));
            y.add(figure.spread().median());
            for (double value : figure.values()) {
                repeatX.add(place.apply(figure));
                repeatY.add(value);
            }
        }
        String subject = line.get(0).subject();
        XYSeries medians = chart.addSeries(name, x, y);
        style(medians, subject, drawn);
        medians.setMarker(line.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        XYSeries repeats = chart.addSeries(name + ", each repeat", repeatX, repeatY);
        repeats.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        repeats.setMarker(SeriesMarkers.CIRCLE);
        repeats.setMarkerColor(colour(subject));
        repeats.setShowInLegend(false);
    }

    /** Draws latencies over percentiles from the median on; both axes are logarithmic. */
    Chart<?, ?> curves(String title, List<Latencies> all) {
        List<String> varying = Measurement.varying(all);
        XYChart chart = chart(title, "percentile, from 50 %", "latency");
        chart.setCustomYAxisTickLabelsFormatter(Numbers::nanos);
        Map<String, Integer> drawn = new HashMap<>();
        double most = 1;
        for (Latencies latencies : all) {
            Histogram merged = latencies.merged();
            // The highest percentile that a single latency represents.
            double nines = Math.min(NINES.size() - 1, Math.log10(merged.getTotalCount()));
            List<Double> places = new ArrayList<>();
            for (double place = MEDIAN; place < nines; place += STEP) {
                places.add(place);
            }
            places.add(nines);
            List<Double> values = places.stream()
                    .map(place -> merged.getValueAtPercentile(100 * (1 - Math.pow(10, -place))))
                    .map(nanos -> (double) Math.max(1, nanos))
                    .toList();
            XYSeries curve = chart.addSeries(latencies.label(varying), places, values);
            style(curve, latencies.subject(), drawn);
            curve.setMarker(SeriesMarkers.NONE);
            most = Math.max(most, curve.getXMax());
        }
        ticks(chart, MEDIAN, most, NINES::get);
        logarithmic(chart);
        return chart;
    }

    private Color colour(String subject) {
        if (!subjects.contains(subject)) {
            subjects.add(subject);
        }
        return COLOURS.get(subjects.indexOf(subject) % COLOURS.size());
    }

    /** Applies the colour of a subject. The dashes distinguish its lines, which are counted in the map. */
    private void style(XYSeries series, String subject, Map<String, Integer> drawn) {
        int number = drawn.merge(subject, 1, Integer::sum);
        float width = subject.equals(FENCEPOST) ? 3.2f : 1.6f;
        float dash = 8f / Math.max(1, number - 1);
        series.setMarkerColor(colour(subject));
        series.setLineColor(colour(subject));
        series.setLineStyle(
                number == 1
                        ? new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                        : new BasicStroke(
                                width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {dash, dash}, 0));
    }

    private static XYChart chart(String title, String across, String up) {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        apply(chart.getStyler());
        chart.setTitle(title);
        chart.setXAxisTitle(across);
        chart.setYAxisTitle(up);
        return chart;
    }

    /** Labels the horizontal axis with 0, 1, 2 and so on between these bounds, and with nothing in between. */
    private static void ticks(XYChart chart, double from, double to, IntFunction<String> label) {
        chart.getStyler().setXAxisMin(from).setXAxisMax(to);
        // The distance in pixels that leads to steps of 1 instead of 0.5 or 2. A shorter logarithmic vertical axis has
        // no labels at all.
        chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.min(300, 600 / (to - from)));
        chart.setCustomXAxisTickLabelsFormatter(place -> {
            int whole = (int) Math.rint(place);
            boolean on = Math.abs(place - whole) < NEAR && place >= from && place <= to;
            // The blanks differ, because equal labels would make the library lengthen the steps until none are equal.
            return on ? label.apply(whole) : " ".repeat(1 + Math.floorMod(whole, 10));
        });
    }

    /** Makes the vertical axis logarithmic between two powers of ten, so that it has at least two labels. */
    private static void logarithmic(XYChart chart) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (XYSeries series : chart.getSeriesCollection()) {
            least = Math.min(least, series.getYMin());
            most = Math.max(most, series.getYMax());
        }
        double bottom = Math.floor(Math.log10(least));
        double top = Math.max(bottom + 1, Math.ceil(Math.log10(most)));
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(Math.pow(10, bottom)).setYAxisMax(Math.pow(10, top));
    }

    private static void apply(AxesChartStyler styler) {
        styler.setBaseFont(PLAIN);
        styler.setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartFontColor(INK)
                .setChartTitleFont(TITLE)
                .setChartTitleBoxVisible(false)
                .setChartPadding(12)
                .setLegendFont(PLAIN)
                .setLegendPosition(LegendPosition.OutsideE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendBackgroundColor(Color.WHITE)
                .setMarkerSize(6);
        styler.setAxisTitleFont(PLAIN)
                .setAxisTickLabelsFont(PLAIN)
                .setAxisTickLabelsColor(INK)
                .setAxisTickMarksColor(GRID)
                .setAxisTickPadding(8)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridVerticalLinesVisible(false)
                .setPlotMargin(0);
    }
}
