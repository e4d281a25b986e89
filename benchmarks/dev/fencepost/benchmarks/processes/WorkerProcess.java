package dev.fencepost.benchmarks.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A {@link WorkerTask} in a separate Java virtual machine, as the experiment sees it. {@link #close} ends the process.
 */
final class WorkerProcess implements AutoCloseable {
    private static final Duration DEATH = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final Path errors;
    private final BlockingQueue<Line> answers = new LinkedBlockingQueue<>();

    /** A line of the process's output, or the end of the output. */
    private record Line(String text, boolean last) {}

    private WorkerProcess(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        Thread reader = new Thread(this::read, "answers of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process without waiting for it.
     *
     * @param folder the parent of its folder for temporary files
     * @param flags the options of the virtual machine, besides the class path
     */
    static WorkerProcess start(Class<? extends WorkerTask> role, Settings settings, Path folder, List<String> flags)
            throws IOException {
        Path scratch = Files.createTempDirectory(folder, "process-");
        Path errors = scratch.resolve("errors.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        // Libraries are unpacked there, and a killed process does not delete them.
        command.add("-Djava.io.tmpdir=" + scratch);
        command.add("-Dslf4j.internal.verbosity=ERROR");
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), WorkerMain.class.getName(), role.getName()));
        command.addAll(settings.words());
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        return new WorkerProcess(role.getSimpleName() + " (process " + process.pid() + ")", process, errors);
    }

    /** Waits until the process has reached the gate. */
    void awaitReady(Duration patience) throws InterruptedException {
        String said = answer(patience);
        if (!said.equals(Gate.READY)) {
            throw failure("said '" + said + "' instead of being ready");
        }
    }

    /** Opens the gate. */
    void go() {
        try {
            process.getOutputStream().write((Gate.GO + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw failure("does not listen: " + e.getMessage());
        }
    }

    /** Waits for the report. */
    Report report(Duration patience) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = answer(patience); !line.equals(Report.END); line = answer(patience)) {
            lines.add(line);
        }
        return Report.parse(lines);
    }

    private String answer(Duration patience) throws InterruptedException {
        Line line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw failure("said nothing for " + patience);
        }
        if (line.last()) {
            throw failure("ended without its report");
        }
        return line.text();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(new Line(line, false));
            }
        } catch (IOException e) {
            // A broken stream counts as its end.
        }
        answers.add(new Line("", true));
    }

    private IllegalStateException failure(String what) {
        String said;
        try {
            said = Files.readString(errors).strip();
        } catch (IOException | UncheckedIOException e) {
            said = "(its errors cannot be read: " + e.getMessage() + ")";
        }
        return new IllegalStateException(name + " " + what + (said.isEmpty() ? "" : "; its errors:\n" + said));
    }

    /** Kills the process and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        long end = System.nanoTime() + DEATH.toNanos();
        while (process.isAlive() && System.nanoTime() - end < 0) {
            try {
                process.waitFor(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (process.isAlive()) {
            throw new IllegalStateException(name + " does not die");
        }
    }
}
