package dev.fencepost.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Something that can be measured. */
interface Subject {
    /** By which the report knows it. */
    String name();

    /**
     * Why it cannot be measured on this machine, if so.
     *
     * @param parent where its folders are to be
     */
    Optional<String> absence(Path parent) throws IOException, InterruptedException;

    /** Whether starting it may take seconds. */
    boolean startsSlowly();

    /** The most threads that it is made for. */
    int mostThreads();

    /** Whether the code under measurement is compiled as it runs, so that it needs to run for a while before it is fast. */
    boolean warmsUp();

    /**
     * Puts it under a load, and checks afterwards that what it kept adds up to what it acknowledged.
     *
     * @param folder empty, and its own
     * @throws IllegalStateException if it does not add up
     */
    Outcome measure(Path folder, LoadSpec load) throws Exception;
}
