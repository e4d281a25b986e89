package dev.fencepost.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The arguments of a worker process, and its connection to its parent. */
public final class WorkerConsole {
    private final List<String> arguments;
    private final BufferedReader in;
    private final PrintStream out;

    WorkerConsole(List<String> arguments, BufferedReader in, PrintStream out) {
        this.arguments = arguments;
        this.in = in;
        this.out = out;
    }

    public String argument(int index) {
        return arguments.get(index);
    }

    /** Reports one line to the parent, in addition to the answers. */
    public void report(String line) {
        out.println(line);
    }

    /** Waits for a line of the parent that is no command, and returns it. Ends this process if the parent has ended. */
    public String await() {
        try {
            String line = in.readLine();
            if (line == null) {
                Runtime.getRuntime().halt(0);
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
