package dev.fencepost.benchmarks.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/** The point where a process waits until all others are ready. */
final class Gate {
    static final String READY = "ready";
    static final String GO = "go";

    private final BufferedReader in;
    private final PrintStream out;
    private final Runnable abandoned;

    /**
     * Creates a gate between this process and its parent.
     *
     * @param abandoned runs when the parent has ended
     */
    Gate(BufferedReader in, PrintStream out, Runnable abandoned) {
        this.in = in;
        this.out = out;
        this.abandoned = abandoned;
    }

    /** Reports that this process is ready, and returns when all processes are. */
    void pass() throws IOException {
        out.println(READY);
        String word = in.readLine();
        if (!GO.equals(word)) {
            abandoned.run();
        }
        Thread watch = new Thread(this::endWithParent, "watch");
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * Ends this process with its parent. Standard input ends when the parent does, and then there is no recipient for a
     * report.
     */
    private void endWithParent() {
        try {
            while (in.readLine() != null) {
                // There is no other input.
            }
        } catch (IOException e) {
            // An error counts as the end.
        }
        abandoned.run();
    }
}
