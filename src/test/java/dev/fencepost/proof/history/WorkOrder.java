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
 * @param generation how many processes have been this worker before
 * @param from the number of its first operation
 * @param to the number after its last
 * @param terms how the store is opened and used
 * @param faults what is to befall it, by the number of the operation before which it asks for it
 */
record WorkOrder(
        Path file,
        Path record,
        long seed,
        int worker,
        int generation,
        int from,
        int to,
        Terms terms,
        Map<Integer, String> faults) {
    /** To be killed, some moments later. */
    static final String KILL = "kill";
    /** To be stopped for longer than a lease, some moments later, wherever it is. */
    static final String STOP = "stop";
    /** To be stopped for longer than a lease while it holds a claim, and then to write under it. */
    static final String LATE = "late";

    private static final int MOST_WORKERS = 1_000;

    /**
     * How the store is opened and used.
     *
     * @param mapped whether cached reads look into SQLite's shared memory
     * @param beside whether a second thread of each process works beside the first
     */
    record Terms(Durability durability, boolean mapped, boolean beside) {}

    /** As what the second thread is known, which begins anew in each process. */
    int besideWorker() {
        return MOST_WORKERS * (generation + 1) + worker;
    }

    /** Where the second thread writes down what it does. */
    Path besideRecord() {
        return record.resolveSibling("beside-" + besideWorker());
    }

    /** The rest of it, for another process: from this operation on, without the faults up to this one. */
    WorkOrder after(int operation, int fault) {
        Map<Integer, String> rest = new TreeMap<>(faults);
        rest.keySet().removeIf(at -> at <= fault);
        Path next = record.resolveSibling(record.getFileName() + "+");
        return new WorkOrder(file, next, seed + 1, worker, generation + 1, operation, to, terms, rest);
    }

    String line() {
        String plan = faults.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
        return String.join(
                " ",
                "work",
                file.toString(),
                record.toString(),
                "" + seed,
                "" + worker,
                "" + generation,
                "" + from,
                "" + to,
                terms.durability().toString(),
                "" + terms.mapped(),
                "" + terms.beside(),
                plan.isEmpty() ? "-" : plan);
    }

    static WorkOrder parse(String line) {
        String[] words = line.split(" ");
        Map<Integer, String> faults = new TreeMap<>();
        if (!words[11].equals("-")) {
            for (String one : words[11].split(",")) {
                String[] parts = one.split("=");
                faults.put(Integer.parseInt(parts[0]), parts[1]);
            }
        }
        return new WorkOrder(
                Path.of(words[1]),
                Path.of(words[2]),
                Long.parseLong(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                new Terms(
                        Durability.valueOf(words[8]), Boolean.parseBoolean(words[9]), Boolean.parseBoolean(words[10])),
                faults);
    }
}
