package dev.fencepost.proof.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;

/** A {@link WorkMain} in a process of its own, seen from here. It is gone once this is closed. */
final class WorkerProcess implements AutoCloseable {
    /** A line that one of them said; empty if there will be no more. */
    record Said(WorkerProcess by, Optional<String> line) {}

    private final Process process;
    private final Path errors;

    /**
     * Starts one, and does not wait for it.
     *
     * @param folder for its traces
     * @param classPath what it runs with
     * @param heard where what it says goes
     */
    WorkerProcess(Path folder, String classPath, BlockingQueue<Said> heard) {
        try {
            Path scratch = Files.createTempDirectory(folder, "process-");
            errors = scratch.resolve("errors.txt");
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx96m",
                            "-Dslf4j.internal.verbosity=ERROR",
                            "-Djava.io.tmpdir=" + scratch,
                            "-cp",
                            classPath,
                            WorkMain.class.getName()))
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(() -> hear(heard), "process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void hear(BlockingQueue<Said> heard) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard.add(new Said(this, Optional.of(line)));
            }
        } catch (IOException e) {
            // A stream that breaks is one that ends.
        }
        heard.add(new Said(this, Optional.empty()));
    }

    long pid() {
        return process.pid();
    }

    /** How long the processors have worked for it. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(errors(), e);
        }
    }

    /** What it complained of. */
    String errors() {
        try {
            return "process " + pid() + " said: " + Files.readString(errors).strip();
        } catch (IOException e) {
            return "process " + pid() + ": " + e;
        }
    }

    /** Ends it wherever it is, and returns when it is gone. */
    @Override
    public void close() {
        // Not by the process itself, which would close our end of what it says.
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
