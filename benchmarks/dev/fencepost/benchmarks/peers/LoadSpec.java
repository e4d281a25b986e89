package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import java.time.Duration;
import java.util.Map;

/**
 * The load on a subject.
 *
 * @param threads the number of threads that commit, each as fast as it can
 * @param keys the number of keys from which they choose at random
 * @param durability the failure that an acknowledged commit survives
 * @param warmUp the duration before the measured time
 * @param length the measured time
 */
record LoadSpec(int threads, int keys, Durability durability, Duration warmUp, Duration length) {
    /** Returns the load as settings of a figure. */
    Map<String, String> settings() {
        return Run.settings("threads", threads, "keys", keys, "durability", durability);
    }
}
