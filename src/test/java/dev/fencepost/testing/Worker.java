package dev.fencepost.testing;

/**
 * The code of a worker process: it executes commands, one at a time. An implementation has a constructor with one
 * parameter, a {@link WorkerConsole}. An exception ends the process.
 */
public interface Worker extends AutoCloseable {
    /** Executes a command, and returns its answer. */
    String answer(String... words) throws Exception;

    /** Ends the work when the commands end; by default leaves all as it is. */
    @Override
    default void close() {}
}
