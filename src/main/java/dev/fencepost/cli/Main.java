package dev.fencepost.cli;

import java.util.List;

/** The entry point of the command line. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        // The library logs through SLF4J. A person at a prompt does not care that there is no provider.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        // Without this, Java 22 and later have a console even without a terminal.
        System.setProperty("jdk.console", "java.base");
        System.exit(run(List.of(args), Shell.ofProcess()));
    }

    /** Runs one command, and returns its exit code. */
    static int run(List<String> args, Shell shell) {
        RootCommand root = new RootCommand(shell, args);
        int code = root.execute();
        shell.out().flush();
        shell.err().flush();
        if (shell.out().checkError() && code == Exit.DONE) {
            shell.err().println("fencepost: the output could not be written");
            return Exit.UNEXPECTED;
        }
        return code;
    }
}
