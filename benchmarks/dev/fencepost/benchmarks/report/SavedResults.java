package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as {@link Reports} wrote them, without the ratios, the histograms, and the reasons of absences. */
final class SavedResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SavedResults() {}

    /** Reads the results of a folder. */
    static Results in(Path folder) throws IOException {
        JsonNode document = JSON.readTree(folder.resolve(Reports.FILE).toFile());
        List<Findings> experiments = new ArrayList<>();
        for (JsonNode one : document.path("experiments")) {
            experiments.add(findings(one));
        }
        return new Results(JSON.treeToValue(document.path("circumstances"), Environment.class), experiments);
    }

    private static Findings findings(JsonNode one) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (JsonNode figure : one.path("figures")) {
            figures.add(new Figure(
                    text(figure, "subject"),
                    settings(figure),
                    text(figure, "unit"),
                    numbers(figure.path("values")),
                    numbers(figure.path("errors"))));
        }
        List<Latencies> latencies = new ArrayList<>();
        for (JsonNode some : one.path("latencies")) {
            List<Latencies.Percentiles> repeats = new ArrayList<>();
            for (JsonNode repeat : some.path("repeats")) {
                repeats.add(JSON.treeToValue(repeat, Latencies.Percentiles.class));
            }
            Latencies.Percentiles all = JSON.treeToValue(some.path("all"), Latencies.Percentiles.class);
            latencies.add(new Latencies(text(some, "subject"), settings(some), all, repeats, List.of()));
        }
        return new Findings(
                text(one, "name"),
                text(one, "question"),
                one.path("seconds").asDouble(),
                one.has("failure") ? text(one, "failure") : null,
                List.of(),
                figures,
                latencies,
                List.of());
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText();
    }

    private static Map<String, String> settings(JsonNode node) {
        Map<String, String> settings = new LinkedHashMap<>();
        node.path("settings")
                .properties()
                .forEach(setting ->
                        settings.put(setting.getKey(), setting.getValue().asText()));
        return settings;
    }

    private static List<Double> numbers(JsonNode values) {
        List<Double> numbers = new ArrayList<>();
        values.forEach(value -> numbers.add(value.asDouble()));
        return numbers;
    }
}
