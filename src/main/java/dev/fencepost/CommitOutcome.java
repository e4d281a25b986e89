package dev.fencepost;

/** The outcome of an attempt to commit, as recorded in the file. */
public enum CommitOutcome {
    /** A commit that is in the file. */
    APPLIED,
    /** A commit that is not in the file, and never will be. */
    NOT_APPLIED
}
