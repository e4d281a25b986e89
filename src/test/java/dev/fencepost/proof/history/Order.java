package dev.fencepost.proof.history;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a worker is to do in one history.
 *
 * @param file the store
 * @param record where it writes down what it does
 * @param seed of what it does
 * @param from the number of its first operation
 * @param to the number after its last
 * @param faults what is to befall it, by the number of the operation before which it asks for it
 */
record Order(
        Path file,
        Path record,
        long seed,
        int worker,
        int from,
        int to,
        Durability durability,
        Map<Integer, String> faults) {
    /** To be killed, some moments later. */
    static final String KILL = "kill";
    /** To be stopped for longer than a lease, some moments later, wherever it is. */
    static final String STOP = "stop";
    /** To be stopped for longer than a lease while it holds a claim, and then to write under it. */
    static final String LATE = "late";

    String line() {
        String plan = faults.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
        return "work " + file + " " + record + " " + seed + " " + worker + " " + from + " " + to + " " + durability
                + " " + (plan.isEmpty() ? "-" : plan);
    }

    /** The rest of it, for another process: from this operation on, without the faults up to this one. */
    Order after(int operation, int fault) {
        Map<Integer, String> rest = new TreeMap<>(faults);
        rest.keySet().removeIf(at -> at <= fault);
        Path next = record.resolveSibling(record.getFileName() + "+");
        return new Order(file, next, seed + 1, worker, operation, to, durability, rest);
    }

    static Order parse(String line) {
        String[] words = line.split(" ");
        Map<Integer, String> faults = new TreeMap<>();
        if (!words[8].equals("-")) {
            for (String one : words[8].split(",")) {
                String[] parts = one.split("=");
                faults.put(Integer.parseInt(parts[0]), parts[1]);
            }
        }
        return new Order(
                Path.of(words[1]),
                Path.of(words[2]),
                Long.parseLong(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Durability.valueOf(words[7]),
                faults);
    }
}
