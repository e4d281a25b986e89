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
 * The environment of the command line: its streams and variables, passed in so that tests can replace them.
 *
 * @param terminal whether the output goes to a terminal
 */
record Shell(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
    /** Returns the shell that started this process. Output is UTF-8 in every locale, since values are. */
    // Main requests the console of java.base, which exists only at a terminal, in newer versions of Java too.
    @SuppressWarnings("SystemConsoleNull")
    static Shell ofProcess() {
        return new Shell(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                System.console() != null);
    }

    /** Returns an environment variable, unless it is unset or empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Returns whether to use colour: on at a terminal that supports it. */
    Ansi ansi() {
        return terminal && Ansi.AUTO.enabled() ? Ansi.ON : Ansi.OFF;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
