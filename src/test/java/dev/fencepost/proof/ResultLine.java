package dev.fencepost.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.benchmarks.report.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a long run found, as one line of JSON: when, where, of which commit, and its figures. */
public final class ResultLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultLine() {}

    /** A line that says when and where, for a run whose files are in this folder. */
    public static ObjectNode begin(String part, Path folder) throws IOException {
        Machine machine = Machine.here(folder, folder);
        return JSON.createObjectNode()
                .put("part", part)
                .put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("commit", commit())
                .put("jdk", System.getProperty("java.vm.version"))
                .put("processor", machine.processor())
                .put("cores", machine.cores())
                .put("kernel", machine.kernel())
                .put("fileSystem", machine.disk());
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                .redirectErrorStream(true)
                .start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Adds the line to a file, which is made if need be. */
    public static void append(ObjectNode line, Path out) throws IOException {
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(
                out, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
