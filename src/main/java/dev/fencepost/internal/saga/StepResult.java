package dev.fencepost.internal.saga;

/**
 * The result of running a step.
 *
 * @param reason why the step was given up or is stuck; otherwise empty
 */
record StepResult(Kind kind, String reason) {
    static final StepResult DONE = new StepResult(Kind.DONE, "");
    static final StepResult HALTED = new StepResult(Kind.HALTED, "");
    static final StepResult PARKED = new StepResult(Kind.PARKED, "");

    /** The kind of a result. */
    enum Kind {
        DONE,
        /** The step is not tried again. It did not happen, or its compensation is safe even if it did not. */
        GIVEN_UP,
        /** An operator must decide: the outcome is unknown, or the last attempt was broken. */
        STUCK,
        /** No further attempt was made, because the saga is to end or a step beside this one has failed. */
        HALTED,
        /** The step waits for another agent's report, and this run does not. */
        PARKED
    }

    static StepResult givenUp(String reason) {
        return new StepResult(Kind.GIVEN_UP, reason);
    }

    static StepResult stuck(String reason) {
        return new StepResult(Kind.STUCK, reason);
    }

    /** Returns whether the step has ended without being done, so that no step beside it may begin. */
    boolean isFailure() {
        return kind == Kind.GIVEN_UP || kind == Kind.STUCK;
    }
}
