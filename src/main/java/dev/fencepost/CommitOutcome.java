package dev.fencepost;

/** How an attempt to commit ended, as the file says. */
public enum CommitOutcome {
    /** It is in the file. */
    APPLIED,
    /** It is not in the file, and never will be. */
    NOT_APPLIED
}
