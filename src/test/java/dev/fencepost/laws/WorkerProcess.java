package dev.fencepost.laws;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link WorkerMain} in a separate process, as the test sees it. */
final class WorkerProcess implements AutoCloseable {
    private final Process process;
    private final Path errors;
    private final BufferedReader answers;
    private final BufferedWriter commands;

    private WorkerProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a process, without waiting until it takes commands; see {@link #awaitStart}.
     *
     * @param wrapper the command that runs the Java virtual machine; empty to run it directly
     */
    static WorkerProcess start(EngineUnderTest opener, Path folder, String... wrapper) {
        try {
            // The files that a killed process leaves are deleted with the folder.
            Path scratch = Files.createTempDirectory(folder, "worker-");
            List<String> command = new ArrayList<>(List.of(wrapper));
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xshare:auto",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                    "-Djava.io.tmpdir=" + scratch));
            command.addAll(opener.flags(folder));
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    WorkerMain.class.getName(),
                    opener.getClass().getName(),
                    folder.toString()));
            Path errors = scratch.resolve("errors.txt");
            File log = errors.toFile();
            return new WorkerProcess(
                    new ProcessBuilder(command).redirectError(log).start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the process takes commands. */
    WorkerProcess awaitStart() {
        expect("started");
        return this;
    }

    long pid() {
        return process.pid();
    }

    /** Gives a command without waiting for its answer. */
    WorkerProcess say(String... words) {
        try {
            commands.write(String.join(" ", words));
            commands.newLine();
            commands.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(errorsOf(e), e);
        }
    }

    /** Waits for the next answer, and returns it. */
    String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException(errorsOf(new IOException("the process has ended")));
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether an answer is available without waiting. */
    boolean hasAnswered() {
        try {
            return answers.ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a command and waits for its answer. */
    String ask(String... words) {
        return say(words).answer();
    }

    /** Asserts that the next answer is the given one. */
    void expect(String wanted) {
        String got = answer();
        if (!got.equals(wanted)) {
            throw new AssertionError("wanted '" + wanted + "', got '" + got + "'");
        }
    }

    /** Returns all answers until the process ended, without an unfinished last line. */
    List<String> restOfAnswers() throws IOException {
        String rest = readToEnd();
        int whole = rest.lastIndexOf('\n') + 1;
        return rest.substring(0, whole).lines().toList();
    }

    private String readToEnd() throws IOException {
        StringBuilder text = new StringBuilder();
        char[] part = new char[8192];
        for (int n = answers.read(part); n >= 0; n = answers.read(part)) {
            text.append(part, 0, n);
        }
        return text.toString();
    }

    /** Kills the process without a chance to clean up, and waits until it has exited. */
    void kill() {
        // Process.destroyForcibly would close our end of its output.
        process.toHandle().destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + pid() + " does not die");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops all threads of the process, and returns when they are stopped. */
    void stop() {
        run("kill", "-STOP", Long.toString(pid()));
        while (!run("ps", "-o", "state=", "-p", Long.toString(pid())).startsWith("T")) {
            Thread.onSpinWait();
        }
    }

    /** Wakes a stopped process. */
    void wake() {
        run("kill", "-CONT", Long.toString(pid()));
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String errorsOf(Exception e) {
        try {
            return e.getMessage() + "; it said: " + Files.readString(errors);
        } catch (IOException unreadable) {
            return e.getMessage() + "; " + unreadable;
        }
    }

    @Override
    public void close() {
        kill();
    }
}
