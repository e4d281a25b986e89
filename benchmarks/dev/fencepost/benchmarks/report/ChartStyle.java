package dev.fencepost.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * The common style of all pictures. A subject has the same colour in all of them, by the order of first appearance.
 * Fencepost always has the first colour and a thicker line. Not thread-safe.
 */
final class ChartStyle {
    static final int WIDTH = 860;
    static final int HEIGHT = 460;
    static final String FENCEPOST = "fencepost";

    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
    private static final float THIN = 1.6f;
    private static final float THICK = 3.2f;
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final int MARKER = 6;
    private static final float LONGEST_DASH = 8;
    private static final int PLOT_WIDTH = 600;
    private static final int LONGEST_STEP = 300;
    private static final double NEAR = 1e-6;
    private static final int MOST_BLANKS = 10;
    private static final int TICK_GAP = 8;
    private static final double TEN = 10;

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

    private final List<String> subjects = new ArrayList<>(List.of(FENCEPOST));

    Color colour(String subject) {
        if (!subjects.contains(subject)) {
            subjects.add(subject);
        }
        return COLOURS.get(subjects.indexOf(subject) % COLOURS.size());
    }

    /**
     * Returns the stroke of a line. The dashes distinguish lines of the same subject, which share a colour.
     *
     * @param number the number of the line among those of its subject, from 1
     */
    static BasicStroke stroke(String subject, int number) {
        float width = subject.equals(FENCEPOST) ? THICK : THIN;
        if (number == 1) {
            return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        }
        float dash = LONGEST_DASH / (number - 1);
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {dash, dash}, 0);
    }

    /** Creates an empty picture for lines. */
    XYChart chart(String title, String across, String up) {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        apply(chart.getStyler());
        chart.setTitle(title);
        chart.setXAxisTitle(across);
        chart.setYAxisTitle(up);
        return chart;
    }

    /** Labels the horizontal axis with 0, 1, 2 and so on between these bounds, and with nothing in between. */
    static void ticks(XYChart chart, double from, double to, IntFunction<String> label) {
        chart.getStyler().setXAxisMin(from).setXAxisMax(to);
        // The distance in pixels that leads to steps of 1 instead of 0.5 or 2. A shorter logarithmic vertical axis has
        // no labels at all.
        chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.min(LONGEST_STEP, PLOT_WIDTH / (to - from)));
        chart.setCustomXAxisTickLabelsFormatter(place -> {
            int whole = (int) Math.rint(place);
            boolean on = Math.abs(place - whole) < NEAR && place >= from && place <= to;
            // The blanks differ, because equal labels would make the library lengthen the steps until none are equal.
            return on ? label.apply(whole) : " ".repeat(1 + Math.floorMod(whole, MOST_BLANKS));
        });
    }

    /** Makes the vertical axis logarithmic between two powers of ten, so that it has at least two labels. */
    static void logarithmic(XYChart chart) {
        double least = chart.getSeriesCollection().stream()
                .mapToDouble(XYSeries::getYMin)
                .min()
                .orElse(1);
        double most = chart.getSeriesCollection().stream()
                .mapToDouble(XYSeries::getYMax)
                .max()
                .orElse(1);
        double bottom = Math.floor(Math.log10(least));
        double top = Math.max(bottom + 1, Math.ceil(Math.log10(most)));
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(Math.pow(TEN, bottom)).setYAxisMax(Math.pow(TEN, top));
    }

    static void apply(AxesChartStyler styler) {
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
                .setMarkerSize(MARKER);
        styler.setAxisTitleFont(PLAIN)
                .setAxisTickLabelsFont(PLAIN)
                .setAxisTickLabelsColor(INK)
                .setAxisTickMarksColor(GRID)
                .setAxisTickPadding(TICK_GAP)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridVerticalLinesVisible(false)
                .setPlotMargin(0);
    }
}
