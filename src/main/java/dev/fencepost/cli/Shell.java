package dev.fencepost.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * Where the command line runs: its streams and environment, handed in so that tests can be the shell.
 *
 * @param terminal whether a person watches, at a terminal
 */
record Shell(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
    /** The shell that started this process. Output is UTF-8 whatever the locale, since values are. */
    // Main asks for the console of java.base, which is there only at a terminal, in newer versions of Java too.
    @SuppressWarnings("SystemConsoleNull")
    static Shell ofProcess() {
        return new Shell(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                System.console() != null);
    }

    /** A variable of the environment that is set to something. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Colour, for a terminal that has it. */
    Ansi ansi() {
        return terminal && Ansi.AUTO.enabled() ? Ansi.ON : Ansi.OFF;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
