package dev.fencepost.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Draws the findings of an experiment. Figures are lines over the number of threads or processes if it varies;
 * otherwise they are bars. Latencies are curves over percentiles. A single bar, only zeros, and the costs of commits are
 * left to the tables. A picture that would be too large is split by the values of some other settings. Not thread-safe.
 */
final class Pictures {
    private static final Set<String> ALONG = Set.of("threads", "processes");
    private static final int MOST_LINES = 10;
    private static final int MOST_BARS = 16;
    private static final String FOLDER = "pictures";

    private final Path folder;
    private final Charts charts = new Charts();

    /**
     * A drawn picture.
     *
     * @param file its path, relative to the report
     * @param title its subject in words
     */
    record Picture(String file, String title) {}

    /** Draws into a folder within this one, and deletes the pictures of an earlier run from it. */
    Pictures(Path within) throws IOException {
        System.setProperty("java.awt.headless", "true");
        folder = Files.createDirectories(within.resolve(FOLDER));
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "*.svg")) {
            for (Path picture : old) {
                Files.delete(picture);
            }
        }
    }

    /** Draws all pictures of one experiment. */
    List<Picture> draw(Findings findings) throws IOException {
        List<Picture> drawn = new ArrayList<>();
        for (List<Figure> figures : Figure.byUnit(findings.figures()).values()) {
            drawn.addAll(figures(findings.name(), figures));
        }
        for (var part : parts(findings.latencies(), "", MOST_LINES).entrySet()) {
            String title = title(findings.name(), "latencies", part.getKey());
            drawn.add(save(title, charts.curves(title, part.getValue())));
        }
        return drawn;
    }

    private List<Picture> figures(String experiment, List<Figure> figures) throws IOException {
        String along = Measurement.varying(figures).stream()
                .filter(ALONG::contains)
                .findFirst()
                .orElse("");
        boolean bars = along.isEmpty();
        List<Picture> drawn = new ArrayList<>();
        for (var part : parts(figures, along, bars ? MOST_BARS : MOST_LINES).entrySet()) {
            List<Figure> shown = part.getValue();
            boolean nothing = shown.stream().allMatch(figure -> figure.spread().most() == 0);
            if (shown.get(0).isCost() || nothing || bars && items(shown, along) == 1) {
                continue;
            }
            String title = title(experiment, figures.get(0).unit(), part.getKey());
            drawn.add(save(title, bars ? charts.bars(title, shown) : charts.lines(title, along, shown)));
        }
        return drawn;
    }

    private Picture save(String title, Chart<?, ?> chart) throws IOException {
        String name = title.toLowerCase(Locale.ROOT)
                        .replace("%", "percent")
                        .replace("\u00b5", "u")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("-$", "")
                + ".svg";
        String picture = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
        // A tenth of a pixel is invisible, and the further digits are more than half of the file.
        Files.writeString(folder.resolve(name), picture.replaceAll("(\\.[0-9])[0-9]+", "$1"));
        return new Picture(FOLDER + "/" + name, title);
    }

    private static String title(String experiment, String what, Map<String, String> settings) {
        return experiment + ": " + what + (settings.isEmpty() ? "" : ", " + Measurement.words(settings));
    }

    /**
     * Splits measurements by the varying settings, the last first, until each part is small enough for a picture.
     *
     * @param along the setting that is an axis; empty if none is
     * @return the parts, by the settings that distinguish them
     */
    private static <T extends Measurement> Map<Map<String, String>, List<T>> parts(
            List<T> all, String along, int most) {
        List<String> by = new ArrayList<>();
        List<String> left = Measurement.varying(all);
        left.remove(along);
        Map<Map<String, String>, List<T>> parts = split(all, by);
        while (!left.isEmpty() && parts.values().stream().anyMatch(part -> items(part, along) > most)) {
            by.add(0, left.remove(left.size() - 1));
            parts = split(all, by);
        }
        return parts;
    }

    private static <T extends Measurement> Map<Map<String, String>, List<T>> split(List<T> all, List<String> by) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        one -> {
                            Map<String, String> common = new LinkedHashMap<>(one.settings());
                            common.keySet().retainAll(by);
                            return common;
                        },
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    /** Returns the number of lines or bars. */
    private static long items(List<? extends Measurement> part, String along) {
        return part.stream()
                .map(one -> {
                    Map<String, String> line = new LinkedHashMap<>(one.settings());
                    line.remove(along);
                    line.put("", one.subject());
                    return line;
                })
                .distinct()
                .count();
    }
}
