package dev.fencepost.verification.linearizability;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A recording of one worker's operations, with a line before and after each. Each line is handed to the operating
 * system at once, so that it survives the process.
 */
final class Recorder implements AutoCloseable {
    private final OutputStream out;

    Recorder(Path file) {
        try {
            out = new FileOutputStream(file.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void begins(Operation operation) {
        write(operation.line(false));
    }

    void ended(Operation operation) {
        write(operation.line(true));
    }

    void write(String line) {
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
