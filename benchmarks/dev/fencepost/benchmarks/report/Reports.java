package dev.fencepost.benchmarks.report;

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
 * a stopped run retains its findings. Not thread-safe.
 */
public final class Reports {
    /** The name of the report for programs. */
    public static final String JSON = "results.json";

    /** The name of the report for people. */
    public static final String MARKDOWN = "results.md";

    private final Path folder;
    private final Pictures pictures;
    private final List<Findings> findings = new ArrayList<>();
    private final Map<String, List<Picture>> drawn = new HashMap<>();

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
        write(new Results(circumstances, findings));
        return added;
    }

    private void write(Results results) throws IOException {
        List<TargetResult> verdicts = Targets.judge(results);
        replace(JSON, JsonReport.of(results, verdicts) + "\n");
        replace(MARKDOWN, MarkdownReport.of(results, verdicts, drawn));
    }

    /** Replaces a file atomically. */
    private void replace(String name, String content) throws IOException {
        Path fresh = folder.resolve(name + ".fresh");
        Files.writeString(fresh, content);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
