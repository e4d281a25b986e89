package dev.fencepost;

/** Why a write was refused, though nothing is wrong with it: somebody else was first. */
public sealed interface Refusal permits Conflict, Claimed, ReadConflict, StreamConflict {
    /** Whether the same can succeed later: after reading again, or after the claim has ended. */
    boolean retryable();

    /** What happened, in a sentence for people. */
    String message();
}
