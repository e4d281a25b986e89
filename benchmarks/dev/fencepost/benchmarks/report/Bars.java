package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;

/** Medians as horizontal bars, each with its figure beside its name. */
final class Bars {
    private static final int ROOM = 110;
    private static final int BAR = 28;
    private static final double FILL = 0.7;
    private static final int MOST_TICKS = 8;

    /** Long names are drawn some pixels wider than measured. */
    private static final int GAP = 16;

    private final ChartStyle look;
    private final String title;
    private final Layout layout;

    Bars(ChartStyle look, String title, Layout layout) {
        this.look = look;
        this.title = title;
        this.layout = layout;
    }

    Chart<?, ?> of(List<Figure> figures) {
        List<String> names = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Figure figure : figures) {
            double median = figure.spread().median();
            names.add(Layout.label(figure, layout.varying()) + ":  " + Numbers.plain(median));
            values.add(median);
        }
        String unit = figures.get(0).unit();
        HorizontalBarChart chart = new HorizontalBarChart(ChartStyle.WIDTH, ROOM + BAR * names.size());
        ChartStyle.apply(chart.getStyler());
        chart.setTitle(title);
        chart.setXAxisTitle(unit);
        chart.setCustomXAxisTickLabelsFormatter(Numbers::plain);
        chart.getStyler()
                .setYAxisTitleVisible(false)
                .setYAxisLabelAlignment(TextAlignment.Right)
                .setAxisTickPadding(GAP);
        chart.getStyler().setAvailableSpaceFill(FILL).setLegendVisible(false);
        chart.getStyler()
                // The limit also applies to the names on the other axis, and every bar needs its name.
                .setXAxisMaxLabelCount(Math.max(MOST_TICKS, names.size()))
                .setPlotGridHorizontalLinesVisible(false)
                .setPlotGridVerticalLinesVisible(true);
        chart.addSeries(unit, values, names).setFillColor(look.colour(ChartStyle.FENCEPOST));
        return chart;
    }
}
