package dev.fencepost.internal.process;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tells whether a waiter must check the queue again although nothing was committed: a process died, a deadline passed,
 * or the clock was put back. It does not read the file.
 *
 * @param processes the processes that counted as alive
 * @param from the time of the last check, in milliseconds of the time of day
 * @param until the time at which the first lease, wait or heartbeat that counted expires, in the same unit
 */
public record LivenessTrigger(
        Predicate<ProcessFingerprint> isGone, List<ProcessFingerprint> processes, long from, long until) {
    /** The trigger before the first check, which never asks for another. */
    public static final LivenessTrigger NONE =
            new LivenessTrigger(process -> false, List.of(), Long.MIN_VALUE, Long.MAX_VALUE);

    public LivenessTrigger {
        processes = List.copyOf(processes);
    }

    /** Returns whether the queue must be checked again. */
    public boolean isOver(long now) {
        return now < from || now >= until || processes.stream().anyMatch(isGone);
    }
}
