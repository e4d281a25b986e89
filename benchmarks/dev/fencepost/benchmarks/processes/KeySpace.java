package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Numbered keys under one prefix; the value of each begins with its number.
 *
 * @param prefix the prefix of all names
 * @param keys the number of keys, up to a million
 * @param valueSize the size of each value, in characters of one byte
 */
record KeySpace(String prefix, int keys, int valueSize) {
    /** The number of keys that are listed at once, and written in one commit. */
    private static final int GROUP = 1_000;

    /** Returns the key space in the settings of a process. */
    static KeySpace of(Settings settings) {
        return new KeySpace(
                settings.text("prefix"), (int) settings.number("keys"), (int) settings.number("value-size"));
    }

    /** Returns settings with this key space. */
    Settings tell(Settings settings) {
        return settings.with("prefix", prefix).with("keys", keys).with("value-size", valueSize);
    }

    Key<String> key(int number) {
        return Key.text(group(number / GROUP) + threeDigits(number % GROUP));
    }

    String value(int number) {
        return NumberedText.of(number, valueSize);
    }

    /** Returns the numbers of this many random keys; of all keys if there are no more. */
    int[] sample(int count) {
        return count >= keys
                ? IntStream.range(0, keys).toArray()
                : ThreadLocalRandom.current()
                        .ints(0, keys)
                        .distinct()
                        .limit(count)
                        .toArray();
    }

    /**
     * Writes every key once per round through the public API. The commits survive only the death of processes, which is
     * faster.
     *
     * @param written receives the number of versions at intervals
     */
    void fill(Path file, int rounds, LongConsumer written) {
        StoreConfig config =
                StoreConfig.of(file).withDurability(Durability.PROCESS_DEATH).withCacheBytes(0);
        try (Store store = Store.open(config)) {
            Agent agent = store.agent("filler");
            for (int round = 0; round < rounds; round++) {
                for (int from = 0; from < keys; from += GROUP) {
                    WriteBatch writes = WriteBatch.of();
                    for (int number = from; number < Math.min(from + GROUP, keys); number++) {
                        writes.put(key(number), value(number));
                    }
                    agent.commit(writes).orThrow();
                }
                written.accept((round + 1L) * keys);
            }
        }
    }

    /** Returns the number of versions of all keys. Checks that every key exists and has its own value. */
    long versions(Store store) {
        long versions = 0;
        for (int from = 0; from < keys; from += GROUP) {
            List<Versioned<String>> group = store.list(Prefix.text(group(from / GROUP)));
            Figures.check("the keys of a group", Math.min(GROUP, keys - from), group.size());
            for (int i = 0; i < group.size(); i++) {
                Figures.check(
                        "the value of key " + (from + i),
                        from + i,
                        NumberedText.number(group.get(i).value()));
                versions += group.get(i).version();
            }
        }
        return versions;
    }

    /** Checks that the store has this number of versions of the keys. */
    void verify(Path file, long expected) {
        try (Store store = Store.open(StoreConfig.of(file).withCacheBytes(0))) {
            Figures.check("the versions in the store", expected, versions(store));
        }
    }

    private String group(int number) {
        return prefix + threeDigits(number) + "/";
    }

    private static String threeDigits(int number) {
        return Integer.toString(GROUP + number).substring(1);
    }
}
