package dev.fencepost.verification.crash;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/** Counters that are stored in a file from round to round. Thread-safe. */
final class Totals {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final TreeMap<String, Long> counts = new TreeMap<>();

    Totals(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            counts.putAll(JSON.readValue(file.toFile(), new TypeReference<Map<String, Long>>() {}));
        }
    }

    synchronized void add(String what, long more) {
        counts.merge(what, more, Long::sum);
    }

    synchronized long get(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** Sets a counter that is recounted from the beginning of the era after each round. */
    synchronized void ofEra(String what, long count) {
        counts.put(what + "@" + get("eras"), count);
    }

    /** Returns all counters, with those of the eras summed. */
    synchronized Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.merge(what.replaceAll("@.*", ""), count, Long::sum));
        return all;
    }

    /** Saves the counters atomically. */
    synchronized void keep() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        JSON.writeValue(next.toFile(), counts);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
