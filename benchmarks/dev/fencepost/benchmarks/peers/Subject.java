package dev.fencepost.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A subject of a measurement. */
interface Subject {
    /** Returns the name in the report. */
    String label();

    /**
     * Returns the reason why it cannot be measured on this machine, if there is one.
     *
     * @param parent the parent of its folders
     */
    Optional<String> absence(Path parent) throws IOException, InterruptedException;

    /** Tells whether its start may take seconds. */
    boolean startsSlowly();

    int maxThreads();

    /** Tells whether its code is compiled at run time, so that it needs a warm-up. */
    boolean warmsUp();

    /**
     * Runs it under a load, and checks that its stored versions match its acknowledgements.
     *
     * @param folder an empty folder of its own
     * @throws IllegalStateException if they do not match
     */
    Outcome measure(Path folder, LoadSpec load) throws Exception;
}
