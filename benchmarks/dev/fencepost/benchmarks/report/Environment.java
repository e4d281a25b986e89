package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.util.Version;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The environment of a run.
 *
 * @param date the time of its beginning, in ISO-8601, UTC
 * @param commit the commit of this repository, followed by '+' if files differed from it
 * @param depth the thoroughness of the run
 * @param repeats the number of repeats of each figure
 * @param lengthMillis the measured time of each figure, in milliseconds
 * @param sync the time of a sync of the disk; missing if it was not measured
 * @param versions the versions of all components, by name
 */
public record Environment(
        String date,
        String commit,
        String depth,
        int repeats,
        long lengthMillis,
        Machine machine,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DiskSync sync,
        Map<String, String> versions) {
    private static final String UNKNOWN = "unknown";

    public Environment {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }

    /**
     * The machine of a run.
     *
     * @param processor the processor's name
     * @param cores the number of cores that this process may use
     * @param memoryBytes the machine's memory
     * @param kernel the operating system and its version
     * @param disk the file system of the folder on disk
     * @param memory the file system of the folder in memory
     */
    public record Machine(String processor, int cores, long memoryBytes, String kernel, String disk, String memory) {
        private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
        private static final String MODEL = "model name";

        /** Returns the machine that this process runs on. */
        public static Machine here(Path disk, Path memory) throws IOException {
            long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? system.getTotalMemorySize()
                    : 0;
            return new Machine(
                    processorHere(),
                    Runtime.getRuntime().availableProcessors(),
                    bytes,
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    Files.getFileStore(disk).type(),
                    Files.getFileStore(memory).type());
        }

        private static String processorHere() throws IOException {
            List<String> lines = Files.isReadable(PROCESSORS) ? Files.readAllLines(PROCESSORS) : List.of();
            return lines.stream()
                    .filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        }
    }

    /** Returns the commit of the repository in the working folder, followed by '+' if files differ from it. */
    public static String commitHere() throws IOException, InterruptedException {
        Optional<String> commit = output("git", "rev-parse", "--short=12", "HEAD");
        Optional<String> changes = output("git", "status", "--porcelain", "--untracked-files=no");
        return commit.map(name -> name + (changes.orElse("").isEmpty() ? "" : "+"))
                .orElse(UNKNOWN);
    }

    private static Optional<String> output(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.empty();
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
    }

    /** Returns the versions of the software that every experiment uses, by name. */
    public static Map<String, String> versionsHere() throws SQLException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        versions.put("sqlite", sqlite());
        versions.put("sqlite-jdbc", SQLiteJDBCLoader.getVersion());
        versions.put("jdbi", ofJar(Jdbi.class));
        versions.put("caffeine", ofJar(Caffeine.class));
        versions.put("jmh", Version.getPlainVersion());
        return versions;
    }

    /** Returns the version inside the driver, not that of an installed library. */
    private static String sqlite() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT sqlite_version()")) {
            return answer.getString(1);
        }
    }

    private static String ofJar(Class<?> type) {
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse(UNKNOWN);
    }
}
