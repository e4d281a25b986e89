package dev.fencepost.cli;

import java.util.List;

/** The entry of the command line. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        // The library logs through SLF4J; without a provider that is no news to a person at a prompt.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        // From Java 22 on there would be a console even without a terminal.
        System.setProperty("jdk.console", "java.base");
        System.exit(run(List.of(args), Shell.ofProcess()));
    }

    /** Runs one command; gives its exit code. */
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
