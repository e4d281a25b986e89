package dev.fencepost.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that run to their end in another process. */
public final class ExternalProgram {
    private ExternalProgram() {}

    /**
     * The end of a program.
     *
     * @param code the exit code
     * @param text the output and the error output
     */
    public record Output(int code, String text) {
        public List<String> lines() {
            return text.lines().toList();
        }

        /** Returns the output; fails unless the exit code is 0. */
        public String orThrow() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + ": " + text);
            }
            return text;
        }
    }

    /** Runs a program, and waits for its end. */
    public static Output run(ProcessBuilder builder) {
        try {
            // To a file: a process without free descriptors may end without closing a pipe.
            Path out = Files.createTempFile("fencepost-output", ".txt");
            try {
                Process process = builder.redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
                int code = process.waitFor();
                return new Output(code, new String(Files.readAllBytes(out), StandardCharsets.UTF_8));
            } finally {
                Files.delete(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs a program that must succeed, and returns its output. Tests that damage a file of an open store do so with a
     * program: if this process closed the file, it would lose its locks on it.
     */
    public static String output(String... command) {
        return run(new ProcessBuilder(command)).orThrow();
    }

    /** Tells whether a program is installed, permitted and successful. */
    public static boolean succeeds(String... command) {
        try {
            return run(new ProcessBuilder(command)).code() == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
