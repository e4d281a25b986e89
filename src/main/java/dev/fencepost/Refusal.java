package dev.fencepost;

/** The reason why a valid write was refused: another agent's commit or claim came first. */
public sealed interface Refusal permits Conflict, Claimed, ReadConflict, StreamConflict {
    /** Returns whether the same write can succeed later: after a new read, or after the claim has ended. */
    boolean retryable();

    /** Returns a description of the refusal, as one readable sentence. */
    String message();
}
