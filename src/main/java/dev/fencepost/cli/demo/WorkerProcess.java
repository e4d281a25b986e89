package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker, as the demo sees it. It receives commands and answers them, and can be stopped, continued and killed. */
final class WorkerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String name;
    private final Process process;
    private final PrintStream orders;
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
    private final Deque<Optional<String>> heard = new ArrayDeque<>();

    private WorkerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread listener = new Thread(this::listen, "fencepost-demo-" + name);
        listener.setDaemon(true);
        listener.start();
    }

    static WorkerProcess start(String name, List<String> command) throws IOException {
        return new WorkerProcess(
                name,
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Sends a command without waiting for the answer. */
    void order(String... words) {
        orders.println(String.join(" ", words));
    }

    /** Returns the next answer. */
    JsonNode answer() throws IOException {
        if (!peek(PATIENCE)) {
            throw new IOException(name + " has not answered for " + PATIENCE.toSeconds() + " s");
        }
        return MAPPER.readTree(heard.remove().orElseThrow(() -> new EOFException(name + " has exited")));
    }

    /** Waits for the next answer for some time. Returns whether there is one, which stays the next answer. */
    boolean peek(Duration patience) throws IOException {
        try {
            if (heard.isEmpty()) {
                Optional<String> line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (line != null) {
                    heard.add(line);
                }
            }
            return !heard.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("Interrupted while waiting for " + name);
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Sends a command, and waits for the answer. */
    JsonNode ask(String... words) throws IOException {
        order(words);
        return answer();
    }

    /** Sends a signal, such as STOP or CONT. */
    void signal(String signal) throws IOException {
        if (!Signals.send(signal, process.pid())) {
            throw new IOException("kill -" + signal + " " + process.pid() + " failed");
        }
    }

    /** Kills the process without any cleanup, by SIGKILL if the platform has signals. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks the worker to end, without waiting for its end. */
    void dismiss() {
        orders.close();
    }

    /** Asks the worker to end, and waits; kills it if it does not end. */
    @Override
    public void close() {
        dismiss();
        try {
            if (!process.waitFor(FAREWELL.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException e) {
            // The stream of a killed process may break; the only answer is then that the process has ended.
            answers.add(Optional.empty());
            return;
        }
        answers.add(Optional.empty());
    }
}
