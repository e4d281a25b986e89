package dev.fencepost.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program in another Java virtual machine, mostly a {@link Worker}. It gets commands and gives answers, one a line.
 * {@link #close} kills it.
 */
public class WorkerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration DEATH = Duration.ofSeconds(30);

    /** A line of output; empty at the end of the output. */
    public record Line(WorkerProcess by, Optional<String> text) {}

    private final String name;
    private final Process process;
    private final boolean wrapped;
    private final BlockingQueue<Line> answers;
    private final StringBuffer errors = new StringBuffer();
    private final Thread errorReader;

    /** Starts a process, without waiting until it is ready; see {@link #awaitReady}. */
    public WorkerProcess(JvmLauncher launcher, Class<?> program, String... arguments) {
        this(new LinkedBlockingQueue<>(), launcher, program, arguments);
    }

    /**
     * Starts a process, without waiting until it is ready.
     *
     * @param answers receives its output, if one thread awaits several processes
     */
    public WorkerProcess(BlockingQueue<Line> answers, JvmLauncher launcher, Class<?> program, String... arguments) {
        this.answers = answers;
        this.wrapped = !launcher.wrapper().isEmpty();
        try {
            process = launcher.builder(program, arguments).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        name = program.getSimpleName() + " (process " + process.pid() + ")";
        read("answers", this::readAnswers);
        errorReader = read("errors", this::readErrors);
    }

    private Thread read(String what, Runnable action) {
        Thread thread = new Thread(action, what + " of " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Reads the output to its end, without an unfinished last line. */
    private void readAnswers() {
        StringBuilder line = new StringBuilder();
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    answers.add(new Line(this, Optional.of(line.toString())));
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
        } catch (IOException e) {
            // A broken stream counts as its end.
        }
        answers.add(new Line(this, Optional.empty()));
    }

    private void readErrors() {
        byte[] part = new byte[8192];
        try (InputStream in = process.getErrorStream()) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                errors.append(new String(part, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // A broken stream counts as its end.
        }
    }

    /** Waits until the process takes commands. */
    public WorkerProcess awaitReady() {
        expect(WorkerMain.READY);
        return this;
    }

    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Gives a command without waiting for its answer. */
    public WorkerProcess tell(String... words) {
        try {
            process.getOutputStream().write((String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw failure("does not listen: " + e.getMessage());
        }
    }

    /** Waits for the next answer, and returns it. */
    public String answer() {
        return answer(PATIENCE);
    }

    /** Waits some time for the next answer, and returns it. */
    public String answer(Duration patience) {
        return next(patience).orElseThrow(() -> failure("has ended"));
    }

    /** Waits for the next answer, and returns it; empty if the process has ended. */
    public Optional<String> next() {
        return next(PATIENCE);
    }

    private Optional<String> next(Duration patience) {
        try {
            Line line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw failure("said nothing for " + patience);
            }
            return line.text();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was awaited, but the wait was interrupted");
        }
    }

    /** Returns whether an answer is available without waiting. */
    public boolean hasAnswered() {
        return !answers.isEmpty();
    }

    /** Gives a command and waits for its answer. */
    public String ask(String... words) {
        return tell(words).answer();
    }

    /** Asserts that the next answer is the given one. */
    public void expect(String wanted) {
        String got = answer();
        if (!got.equals(wanted)) {
            throw failure("said '" + got + "' instead of '" + wanted + "'");
        }
    }

    /** Returns all answers until the process ends. */
    public List<String> restOfAnswers() {
        List<String> rest = new ArrayList<>();
        for (Optional<String> line = next(); line.isPresent(); line = next()) {
            rest.add(line.get());
        }
        return rest;
    }

    /** Stops all threads of the process, and returns when they are stopped. */
    public void stop() {
        Signals.send("STOP", pid());
        if (!Signals.awaitStopped(handle())) {
            throw failure("ended before it was stopped");
        }
    }

    /** Continues a stopped process. */
    public void wake() {
        Signals.send("CONT", pid());
    }

    /** Kills the process without a chance to clean up, and waits until it has exited. */
    public void kill() {
        // A wrapper may have started the Java virtual machine as its child.
        List<ProcessHandle> children = wrapped ? process.descendants().toList() : List.of();
        children.forEach(ProcessHandle::destroyForcibly);
        // Process.destroyForcibly would close this end of its output.
        handle().destroyForcibly();
        awaitEnd();
        children.forEach(child -> child.onExit().join());
    }

    /** Ends the commands, and waits until the process has exited. */
    public void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
                handle().destroyForcibly();
                throw failure("does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the failure of this process, with its error output. */
    public IllegalStateException failure(String what) {
        if (!process.isAlive()) {
            awaitErrors();
        }
        String said = errors.toString().strip();
        return new IllegalStateException(name + " " + what + (said.isEmpty() ? "" : "; its errors:\n" + said));
    }

    private void awaitErrors() {
        try {
            // A child of the process may hold the stream open.
            errorReader.join(DEATH.toMillis() / 10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
