package dev.fencepost.internal.saga;

/** The outcome of one attempt at a step. */
sealed interface Attempt {
    record Done() implements Attempt {}

    /** The step did not happen. It may be tried again only if it is retryable. */
    record Failed(String error, boolean retryable) implements Attempt {}

    /** The step did not happen: its function threw an {@link Error}, or returned a value that cannot be stored. */
    record Broken(String error) implements Attempt {}

    /** The step may have happened. */
    record Unknown(String error) implements Attempt {}

    /** The task was withdrawn before a worker claimed it. */
    record Withdrawn(String why) implements Attempt {}

    /** The attempt was not committed, because nothing more may begin in this saga. */
    record Halted() implements Attempt {}
}
