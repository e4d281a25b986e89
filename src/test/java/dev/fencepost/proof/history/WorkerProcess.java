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

/** A {@link WorkMain} in a separate process, as its parent sees it. {@link #close} ends the process. */
final class WorkerProcess implements AutoCloseable {
    /** A line of output; empty at the end of the output. */
    record Said(WorkerProcess by, Optional<String> line) {}

    private final Process process;
    private final Path errors;

    /**
     * Starts a process without waiting for it.
     *
     * @param folder the folder for its temporary files
     * @param classPath its class path
     * @param heard receives its output
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
            // A broken stream counts as its end.
        }
        heard.add(new Said(this, Optional.empty()));
    }

    long pid() {
        return process.pid();
    }

    /** Returns the CPU time of the process. */
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

    /** Returns the error output of the process. */
    String errors() {
        try {
            return "process " + pid() + " said: " + Files.readString(errors).strip();
        } catch (IOException e) {
            return "process " + pid() + ": " + e;
        }
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() {
        // Process.destroyForcibly would close this end of its output.
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
