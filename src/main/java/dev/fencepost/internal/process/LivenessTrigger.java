package dev.fencepost.internal.process;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.util.List;

/**
 * What would have to happen, without any commit, for a look at the queue to come out otherwise than the last time: a
 * process dies, a time comes, or the clock is put back. Can be asked without reading the file.
 *
 * @param processes whose lives counted
 * @param from when it was looked, in milliseconds of the time of day
 * @param until when the first of what is in the way runs out
 */
public record LivenessTrigger(ProcessProbe facts, List<ProcessFingerprint> processes, long from, long until) {
    /** Before the first look. */
    public static final LivenessTrigger NONE =
            new LivenessTrigger(new ProcessProbe(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE);

    public LivenessTrigger {
        processes = List.copyOf(processes);
    }

    /** Whether it is worth looking again. */
    public boolean isOver(long now) {
        return now < from || now >= until || processes.stream().anyMatch(facts::isGone);
    }
}
