package dev.fencepost.verification.linearizability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Stops processes for a while. A shell sends the signals, so that each process is continued even if this one ends
 * first.
 */
final class TimedStops implements AutoCloseable {
    private final Process shell;

    /**
     * Starts the shell.
     *
     * @param woken receives the process ID of each continued process
     */
    TimedStops(LongConsumer woken) {
        try {
            shell = new ProcessBuilder("sh")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BufferedReader said = shell.inputReader(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> said.lines().map(Long::parseLong).forEach(woken::accept), "timed stops");
        reader.setDaemon(true);
        reader.start();
    }

    /** Stops a process at once, and continues it after some milliseconds. */
    void stop(long pid, long millis) {
        try {
            String line = "(kill -STOP %d; sleep %d.%03d; kill -CONT %d; echo %d) &\n"
                    .formatted(pid, millis / 1000, millis % 1000, pid, pid);
            shell.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            shell.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        shell.destroy();
    }
}
