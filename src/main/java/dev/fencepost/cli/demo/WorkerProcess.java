package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/** A worker, as the demo sees it. It receives commands and answers them, and can be stopped, continued and killed. */
final class WorkerProcess implements AutoCloseable {
    private static final Duration MAX_ANSWER_TIME = Duration.ofSeconds(45);
    private static final Duration MAX_END_TIME = Duration.ofSeconds(5);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String name;
    private final Process process;
    private final PrintStream commands;
    /** The answers, of which the end of the process is the last, as an empty one. */
    private final BlockingDeque<Optional<String>> answers = new LinkedBlockingDeque<>();

    WorkerProcess(String name, List<String> command) throws IOException {
        this.name = name;
        this.process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread listener = new Thread(this::listen, "fencepost-demo-" + name);
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().map(Optional::of).forEach(answers::add);
        } catch (IOException | UncheckedIOException e) {
            // The stream of a killed process may break; the only answer is then that the process has ended.
            return;
        } finally {
            answers.add(Optional.empty());
        }
    }

    String name() {
        return name;
    }

    /** Sends a command without waiting for the answer. */
    void send(String... words) {
        commands.println(String.join(" ", words));
    }

    /** Returns the next answer. */
    JsonNode answer() throws IOException {
        if (!hasAnswer(MAX_ANSWER_TIME)) {
            throw new IOException(name + " has not answered for " + MAX_ANSWER_TIME.toSeconds() + " s");
        }
        return MAPPER.readTree(answers.remove().orElseThrow(() -> new EOFException(name + " has exited")));
    }

    /** Waits for the next answer for some time. Returns whether there is one, which stays the next answer. */
    boolean hasAnswer(Duration wait) throws IOException {
        try {
            Optional<String> line = answers.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            if (line != null) {
                answers.addFirst(line);
            }
            return line != null;
        } catch (InterruptedException e) {
            throw interrupted("Interrupted while waiting for " + name, e);
        }
    }

    /** Sends a command, and waits for the answer. */
    JsonNode ask(String... words) throws IOException {
        send(words);
        return answer();
    }

    /** Sends the same command to all workers, and then collects their answers. */
    static List<JsonNode> askAll(List<WorkerProcess> workers, String... words) throws IOException {
        workers.forEach(worker -> worker.send(words));
        List<JsonNode> answers = new ArrayList<>();
        for (WorkerProcess worker : workers) {
            answers.add(worker.answer());
        }
        return answers;
    }

    /** Sends a signal, such as STOP or CONT. */
    void signal(String signal) throws IOException {
        if (!signal(signal, process.pid())) {
            throw new IOException("kill -" + signal + " " + process.pid() + " failed");
        }
    }

    /** Returns whether a process can be stopped and continued on this platform. */
    static boolean canSignal() {
        try {
            return signal("0", ProcessHandle.current().pid());
        } catch (IOException e) {
            // The platform has no such shell, like Windows.
            return false;
        }
    }

    /** Sends a signal through the shell, whose built-in {@code kill} always exists. */
    private static boolean signal(String signal, long pid) throws IOException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        try {
            return kill.waitFor() == 0;
        } catch (InterruptedException e) {
            throw interrupted("Interrupted while sending a signal", e);
        }
    }

    private static IOException interrupted(String message, InterruptedException e) {
        Thread.currentThread().interrupt();
        return (IOException) new InterruptedIOException(message).initCause(e);
    }

    /** Kills the process without any cleanup, by SIGKILL if the platform has signals. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks the worker to end, without waiting for its end. */
    void dismiss() {
        commands.close();
    }

    /** Asks the worker to end, and waits; kills it if it does not end. */
    @Override
    public void close() {
        dismiss();
        try {
            if (!process.waitFor(MAX_END_TIME.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
