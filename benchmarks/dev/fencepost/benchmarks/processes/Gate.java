package dev.fencepost.benchmarks.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/** Where a process waits until all others are ready too. */
final class Gate {
    static final String READY = "ready";
    static final String GO = "go";

    private final BufferedReader in;
    private final PrintStream out;

    Gate(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /** Says that this process is ready, and returns when all are. */
    void pass() throws IOException {
        out.println(READY);
        String word = in.readLine();
        if (!GO.equals(word)) {
            Runtime.getRuntime().halt(1);
        }
        Thread watch = new Thread(this::endWithParent, "watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Standard input ends when the process at its other end does, however that ended: nobody is left to report to. */
    private void endWithParent() {
        try {
            while (in.readLine() != null) {
                // Nothing else is ever said.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(1);
    }
}
