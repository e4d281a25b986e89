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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Draws the findings of an experiment. Figures are lines over the number of threads or processes if it varies;
 * otherwise they are bars. Latencies are curves over percentiles. A single bar, or only zeros, is left to the table. A
 * picture that would be too large is split by the values of some other settings. Not thread-safe.
 */
final class Pictures {
    private static final Set<String> ALONG = Set.of("threads", "processes");
    private static final int MOST_LINES = 10;
    private static final int MOST_BARS = 16;
    private static final String FOLDER = "pictures";
    private static final String SUFFIX = ".svg";

    private final Path folder;
    private final ChartStyle look = new ChartStyle();

    /** Draws into a folder within this one, and deletes the pictures of an earlier run from it. */
    Pictures(Path within) throws IOException {
        System.setProperty("java.awt.headless", "true");
        folder = Files.createDirectories(within.resolve(FOLDER));
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
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
        for (Part<Latencies> part : parts(findings.latencies(), Optional.empty(), MOST_LINES)) {
            String title = title(findings.name(), "latencies", part);
            drawn.add(save(title, new Curves(look, title, Layout.of(part.all())).of(part.all())));
        }
        return drawn;
    }

    private List<Picture> figures(String experiment, List<Figure> figures) throws IOException {
        Optional<String> along =
                Layout.of(figures).varying().stream().filter(ALONG::contains).findFirst();
        List<Picture> drawn = new ArrayList<>();
        for (Part<Figure> part : parts(figures, along, along.isPresent() ? MOST_LINES : MOST_BARS)) {
            boolean oneBar = along.isEmpty() && part.items(along) == 1;
            boolean nothing =
                    part.all().stream().allMatch(figure -> figure.spread().most() == 0);
            if (oneBar || nothing) {
                continue;
            }
            String title = title(experiment, figures.get(0).unit(), part);
            Layout layout = Layout.of(part.all());
            Chart<?, ?> chart = along.isPresent()
                    ? new Lines(look, title, layout, along.get()).of(part.all())
                    : new Bars(look, title, layout).of(part.all());
            drawn.add(save(title, chart));
        }
        return drawn;
    }

    private Picture save(String title, Chart<?, ?> chart) throws IOException {
        String name = title.toLowerCase(Locale.ROOT)
                        .replace("%", "percent")
                        .replace("\u00b5", "u")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("-$", "")
                + SUFFIX;
        String picture = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
        // A tenth of a pixel is invisible, and the further digits are more than half of the file.
        Files.writeString(folder.resolve(name), picture.replaceAll("(\\.[0-9])[0-9]+", "$1"));
        return new Picture(FOLDER + "/" + name, title);
    }

    private static String title(String experiment, String what, Part<?> part) {
        String words = Layout.words(part.common(), part.common().keySet());
        return experiment + ": " + what + (words.isEmpty() ? "" : ", " + words);
    }

    /** The content of one picture, and the settings that distinguish it from the others. */
    private record Part<T extends Measurement>(Map<String, String> common, List<T> all) {
        /** Returns the number of lines or bars. */
        long items(Optional<String> along) {
            return all.stream()
                    .map(one -> {
                        Map<String, String> line = new LinkedHashMap<>(one.settings());
                        along.ifPresent(line::remove);
                        line.put("", one.subject());
                        return line;
                    })
                    .distinct()
                    .count();
        }
    }

    /** Splits the content by the varying settings, the last first, until each part is small enough for a picture. */
    private static <T extends Measurement> List<Part<T>> parts(List<T> all, Optional<String> along, int most) {
        List<String> by = new ArrayList<>();
        List<String> left = new ArrayList<>(Layout.of(all).varying());
        along.ifPresent(left::remove);
        List<Part<T>> parts = split(all, by);
        while (!left.isEmpty() && parts.stream().anyMatch(part -> part.items(along) > most)) {
            by.add(0, left.remove(left.size() - 1));
            parts = split(all, by);
        }
        return parts;
    }

    private static <T extends Measurement> List<Part<T>> split(List<T> all, List<String> by) {
        Map<Map<String, String>, List<T>> parts = all.stream()
                .collect(Collectors.groupingBy(
                        one -> {
                            Map<String, String> common = new LinkedHashMap<>(one.settings());
                            common.keySet().retainAll(by);
                            return common;
                        },
                        LinkedHashMap::new,
                        Collectors.toList()));
        return parts.entrySet().stream()
                .map(part -> new Part<>(part.getKey(), part.getValue()))
                .toList();
    }
}
