package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of a process, passed as words of the form {@code name=value}. Immutable. */
record Settings(Map<String, String> values) {
    /** The time for which every process waits for SQLite's write lock. */
    static final Duration LOCK_WAIT = Duration.ofSeconds(30);

    /** The setting with the size of the store's cache in bytes; the library's default if it is missing. */
    static final String CACHE = "cache";

    Settings {
        values = Map.copyOf(values);
    }

    /** Returns settings for a store's file. */
    static Settings of(Path file, Durability durability) {
        return new Settings(Map.of("file", file.toString(), "durability", durability.name()));
    }

    static Settings parse(List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Settings(values);
    }

    List<String> words() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    Settings with(String name, Object value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(name, value.toString());
        return new Settings(changed);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The setting '" + name + "' is missing among " + values.keySet());
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    long number(String name, long otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    Duration duration(String name) {
        return Duration.parse(text(name));
    }

    Path file() {
        return Path.of(text("file"));
    }

    /**
     * Opens the store with these settings. It waits for SQLite's write lock for {@link #LOCK_WAIT} instead of the usual
     * ten seconds, as the other subjects do. The latencies show the waits.
     */
    Store open() {
        StoreConfig config = StoreConfig.of(file())
                .withDurability(Durability.valueOf(text("durability")))
                .withWriteLockTimeout(LOCK_WAIT);
        return Store.open(config.withCacheBytes(number(CACHE, config.cacheBytes())));
    }
}
