package dev.fencepost.benchmarks.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Medians as lines over a numeric setting, whose values are evenly spaced, with a point for each repeat. */
final class Lines {
    /** The ratio of figures beyond which the axis is logarithmic, so that the small ones differ visibly from zero. */
    private static final double WIDE = 30;

    private static final double MARGIN = 0.25;

    private final ChartStyle look;
    private final String title;
    private final Layout layout;
    private final String along;

    Lines(ChartStyle look, String title, Layout layout, String along) {
        this.look = look;
        this.title = title;
        this.layout = layout;
        this.along = along;
    }

    Chart<?, ?> of(List<Figure> figures) {
        List<String> places = figures.stream()
                .map(this::place)
                .distinct()
                .sorted(Comparator.comparingDouble(Double::parseDouble))
                .toList();
        XYChart chart = look.chart(title, along, figures.get(0).unit());
        ChartStyle.ticks(chart, -MARGIN, places.size() - 1 + MARGIN, places::get);
        Map<String, Integer> drawn = new HashMap<>();
        lines(figures).forEach((name, line) -> {
            String subject = line.get(0).subject();
            medians(chart, name, line, places)
                    .setLineStyle(ChartStyle.stroke(subject, drawn.merge(subject, 1, Integer::sum)));
            repeats(chart, name, line, places);
        });
        scale(chart, figures);
        return chart;
    }

    private Map<String, List<Figure>> lines(List<Figure> figures) {
        List<String> others =
                layout.varying().stream().filter(name -> !name.equals(along)).toList();
        return figures.stream()
                .sorted(Comparator.comparingDouble(figure -> Double.parseDouble(place(figure))))
                .collect(Collectors.groupingBy(
                        figure -> Layout.label(figure, others), LinkedHashMap::new, Collectors.toList()));
    }

    private XYSeries medians(XYChart chart, String name, List<Figure> line, List<String> places) {
        List<Integer> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (Figure figure : line) {
            x.add(places.indexOf(place(figure)));
            y.add(figure.spread().median());
        }
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(line.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setMarkerColor(look.colour(line.get(0).subject()));
        series.setLineColor(look.colour(line.get(0).subject()));
        return series;
    }

    private void repeats(XYChart chart, String name, List<Figure> line, List<String> places) {
        List<Integer> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (Figure figure : line) {
            for (double value : figure.values()) {
                x.add(places.indexOf(place(figure)));
                y.add(value);
            }
        }
        Color colour = look.colour(line.get(0).subject());
        XYSeries series = chart.addSeries(name + ", each repeat", x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(colour);
        series.setShowInLegend(false);
    }

    private String place(Figure figure) {
        return figure.settings().getOrDefault(along, "0");
    }

    private static void scale(XYChart chart, List<Figure> figures) {
        Spread all = Spread.of(
                figures.stream().flatMap(figure -> figure.values().stream()).toList());
        if (all.least() > 0 && all.most() / all.least() > WIDE) {
            ChartStyle.logarithmic(chart);
        } else {
            chart.getStyler().setYAxisMin(Math.min(0, all.least()));
        }
        chart.setCustomYAxisTickLabelsFormatter(Numbers::plain);
    }
}
