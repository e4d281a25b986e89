package dev.fencepost.saga;

import dev.fencepost.InvalidInputException;

/** The state of a saga. */
public enum SagaState {
    /** Steps are being run. */
    RUNNING("running"),
    /** Steps are being compensated, because a step failed permanently or a cancellation was requested. */
    COMPENSATING("compensating"),
    /** Blocked until an operator retries, skips or resolves; the journal has the reason. */
    STUCK("stuck"),
    /** All steps are done. */
    COMPLETED("completed"),
    /** All steps that were done, and had to be compensated, are compensated. */
    COMPENSATED("compensated"),
    /** Ended by hand by an operator. */
    RESOLVED("resolved");

    private final String word;

    SagaState(String word) {
        this.word = word;
    }

    /** Returns the word for this state in the file. */
    public String word() {
        return word;
    }

    /** Returns the state of a word in the file. */
    public static SagaState of(String word) {
        for (SagaState state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        throw new InvalidInputException("'" + word + "' is not a state of a saga");
    }

    /** Returns whether the state is final. */
    public boolean ended() {
        return this == COMPLETED || this == COMPENSATED || this == RESOLVED;
    }
}
