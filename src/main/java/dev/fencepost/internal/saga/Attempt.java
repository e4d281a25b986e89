package dev.fencepost.internal.saga;

/** The end of one attempt at a step. */
sealed interface Attempt {
    record Done() implements Attempt {}

    record Failed(String error, boolean retryable) implements Attempt {}

    /** The step's functions threw an error, or returned what cannot be stored. It did not happen. */
    record Broken(String error) implements Attempt {}

    record Unknown(String error) implements Attempt {}

    /** Work that was offered was never taken, and is not offered any more. */
    record Withdrawn(String why) implements Attempt {}

    record Halted() implements Attempt {}
}
