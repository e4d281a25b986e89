package dev.fencepost;

/** What an acknowledged commit survives. */
public enum Durability {
    /** The death of any process and the loss of power: the disk has answered before the commit is acknowledged. */
    POWER_LOSS,
    /** The death of any process. After a loss of power the newest commits may be missing; none is torn. */
    PROCESS_DEATH
}
