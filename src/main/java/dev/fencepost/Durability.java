package dev.fencepost;

/** The failures that an acknowledged commit survives. */
public enum Durability {
    /**
     * The death of any process, and the loss of power. The fsync of a commit has succeeded before the commit is
     * acknowledged.
     */
    POWER_LOSS,
    /**
     * The death of any process. After a loss of power the newest commits may be missing, but none is partly applied.
     */
    PROCESS_DEATH
}
