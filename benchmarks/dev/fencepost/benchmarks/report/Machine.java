package dev.fencepost.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
