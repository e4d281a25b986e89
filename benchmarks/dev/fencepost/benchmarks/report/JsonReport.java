package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Results as JSON, with every figure of every repeat; latencies in nanoseconds. */
public final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

    private record Document(Environment circumstances, List<JudgedAim> aims, List<Section> experiments) {}

    private record JudgedAim(
            String what, String bound, @Nullable Spread measured, String outcome) {}

    private record Section(
            String name,
            String question,
            double seconds,
            @Nullable String failure,
            List<Figure> figures,
            List<Times> latencies,
            List<Skipped> absences) {}

    private record Times(String subject, Map<String, String> settings, Percentiles all, List<Percentiles> repeats) {}

    private JsonReport() {}

    static String of(Results results, List<TargetResult> verdicts) throws IOException {
        return JSON.writeValueAsString(new Document(
                results.circumstances(),
                verdicts.stream().map(JsonReport::judged).toList(),
                results.experiments().stream().map(JsonReport::section).toList()));
    }

    /**
     * Returns the duration in seconds of each experiment in an earlier report of the same depth; empty if there is
     * none.
     */
    public static Map<String, Double> seconds(Path report, String depth) {
        Map<String, Double> seconds = new HashMap<>();
        try {
            JsonNode document = Files.exists(report) ? JSON.readTree(report.toFile()) : JSON.createObjectNode();
            if (document.path("circumstances").path("depth").asText().equals(depth)) {
                document.path("experiments")
                        .forEach(one -> seconds.put(
                                one.path("name").asText(), one.path("seconds").asDouble()));
            }
        } catch (IOException e) {
            // It only serves to estimate the duration of this run, whose report replaces it.
            return Map.of();
        }
        return seconds;
    }

    private static JudgedAim judged(TargetResult verdict) {
        return new JudgedAim(
                verdict.what(),
                verdict.bound(),
                orNull(verdict.measured()),
                verdict.outcome().toString());
    }

    private static Section section(Findings findings) {
        return new Section(
                findings.name(),
                findings.question(),
                findings.seconds(),
                orNull(findings.failure()),
                findings.figures(),
                findings.latencies().stream().map(JsonReport::times).toList(),
                findings.absences());
    }

    private static Times times(Latencies latencies) {
        return new Times(
                latencies.subject(),
                latencies.settings(),
                Percentiles.of(latencies.merged()),
                latencies.repeats().stream().map(Percentiles::of).toList());
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
