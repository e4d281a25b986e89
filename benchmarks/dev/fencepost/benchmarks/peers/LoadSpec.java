package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a subject is put under.
 *
 * @param threads how many threads commit, each as fast as it can
 * @param keys how many keys they choose from at random
 * @param durability what an acknowledged commit survives
 * @param warmUp how long they commit before it counts
 * @param length how long it counts
 */
record LoadSpec(int threads, int keys, Durability durability, Duration warmUp, Duration length) {
    /** As the settings of a figure. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("threads", Integer.toString(threads));
        settings.put("keys", Integer.toString(keys));
        settings.put("durability", durability == Durability.POWER_LOSS ? "power loss" : "process death");
        return settings;
    }
}
