package dev.fencepost.proof.trace;

import dev.fencepost.proof.ProcessState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A {@link TraceWorker}, as its parent sees it. */
final class TraceWorkerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;
    private final Path errors;

    TraceWorkerProcess(Path file, String agent, long seed, int groups) {
        errors = file.resolveSibling("errors-" + seed + ".txt");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                TraceWorker.class.getName(),
                file.toString(),
                agent,
                Long.toString(seed),
                Integer.toString(groups));
        try {
            process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    TraceWorkerProcess tell(String order) {
        orders.println(order);
        return this;
    }

    String answer() {
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new AssertionError("the process has ended: " + Files.readString(errors));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void expect(String wanted) {
        String got = answer();
        if (!got.equals(wanted)) {
            throw new AssertionError("wanted '" + wanted + "', got '" + got + "'");
        }
    }

    /** Stops the process, and waits until all threads are stopped. */
    void stop() {
        signal("STOP");
        if (!ProcessState.awaitStopped(process.toHandle())) {
            throw new AssertionError("ended before it was stopped");
        }
    }

    void wake() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
