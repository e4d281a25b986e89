package dev.fencepost.internal.saga;

/**
 * The result of one attempt at a step or at its compensation.
 *
 * @param text the message of a failure; empty if there is none
 */
record AttemptResult(Kind kind, String text) {
    static final AttemptResult DONE = new AttemptResult(Kind.DONE, "");

    /** The kind of a result. */
    enum Kind {
        DONE,
        /** The attempt did not happen; the step may be tried again. */
        FAILED,
        /** The step will not happen, however often it is tried. */
        REFUSED,
        /** The attempt did not happen: the function threw an {@link Error}, or its result cannot be stored. */
        BROKEN,
        /** The attempt may have happened. */
        UNKNOWN,
        /** The task was withdrawn before a worker claimed it. */
        WITHDRAWN
    }
}
