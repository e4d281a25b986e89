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
    private final Runnable abandoned;

    /**
     * A gate between this process and the one that started it.
     *
     * @param abandoned what to do when that one is gone
     */
    Gate(BufferedReader in, PrintStream out, Runnable abandoned) {
        this.in = in;
        this.out = out;
        this.abandoned = abandoned;
    }

    /** Says that this process is ready, and returns when all are. */
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

    /** Standard input ends when the process at its other end does, however that ended: nobody is left to report to. */
    private void endWithParent() {
        try {
            while (in.readLine() != null) {
                // Nothing else is ever said.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        abandoned.run();
    }
}
