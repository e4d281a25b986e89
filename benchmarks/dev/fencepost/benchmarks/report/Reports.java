package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code results.json}, {@code results.md} and the pictures into a folder, again after each experiment, so that
 * a stopped run retains its findings. The JSON has every figure of every repeat; latencies are in nanoseconds. Not
 * thread-safe.
 */
public final class Reports {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    /** The name of the file with all figures. */
    static final String FILE = "results.json";

    private final Path folder;
    private final Pictures pictures;
    private final List<Findings> findings = new ArrayList<>();
    private final Map<String, List<Pictures.Picture>> drawn = new HashMap<>();

    /**
     * Writes into this folder. The folder is created if necessary, and pictures of an earlier run are deleted from it.
     */
    public Reports(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.pictures = new Pictures(folder);
    }

    /**
     * Adds the findings of an experiment, and writes the reports.
     *
     * @return the findings, marked as failed if their pictures could not be drawn
     */
    public Findings add(Findings fresh, Environment circumstances) throws IOException {
        Findings added = fresh;
        try {
            drawn.put(fresh.name(), pictures.draw(fresh));
        } catch (RuntimeException e) {
            added = fresh.failed("its pictures could not be drawn: " + e);
        }
        findings.add(added);
        Results results = new Results(circumstances, findings);
        replace(FILE, json(results) + "\n");
        replace("results.md", MarkdownReport.of(results, drawn));
        return added;
    }

    static String json(Results results) throws IOException {
        return JSON.writeValueAsString(results);
    }

    /** Replaces a file atomically. */
    private void replace(String name, String content) throws IOException {
        Path fresh = folder.resolve(name + ".fresh");
        Files.writeString(fresh, content);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Returns the duration in seconds of each experiment in an earlier report of the same depth; empty if there is
     * none.
     */
    public static Map<String, Double> seconds(Path folder, String depth) {
        Map<String, Double> seconds = new HashMap<>();
        Path report = folder.resolve(FILE);
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
}
