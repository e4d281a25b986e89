package dev.fencepost.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.benchmarks.report.Machine;
import dev.fencepost.benchmarks.report.Versions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a long run found, with where and when it ran: one line of JSON, behind those of earlier runs. */
public final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Findings() {}

    /** Where and when this is, of a run that chance has a part in. */
    public static Map<String, Object> here(String proof, long seed, Path folder)
            throws IOException, InterruptedException {
        Map<String, Object> here = here(proof, folder);
        here.put("seed", seed);
        return here;
    }

    /** Where and when this is. */
    public static Map<String, Object> here(String proof, Path folder) throws IOException, InterruptedException {
        Machine machine = Machine.here(folder, folder);
        Map<String, Object> here = new LinkedHashMap<>();
        here.put("proof", proof);
        here.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        here.put("commit", Versions.commit());
        here.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        here.put("processor", machine.processor());
        here.put("cores", machine.cores());
        here.put("kernel", machine.kernel());
        here.put("file-system", machine.disk());
        return here;
    }

    /** As one line. */
    public static String line(Map<String, ?> findings) throws IOException {
        return JSON.writeValueAsString(findings);
    }

    /** Appends the line to a file. */
    public static void append(Path out, String line) throws IOException {
        Path parent = out.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(
                out,
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
