package dev.fencepost.verification.linearizability;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The order for one worker in one history.
 *
 * @param file the store
 * @param record the file of the recording
 * @param seed the seed of its operations
 * @param generation the number of earlier processes of this worker
 * @param from the number of its first operation
 * @param to the number after its last operation
 * @param terms the mode of the store
 * @param faults the faults to inject, by the number of the operation before which the worker requests them
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
    /** The fault of a kill, some moments after the request. */
    static final String KILL = "kill";
    /** The fault of a stop for longer than a lease, some moments after the request, at any place. */
    static final String STOP = "stop";
    /** The fault of a stop for longer than a lease while holding a claim, followed by a write under it. */
    static final String LATE = "late";

    private static final int MOST_WORKERS = 1_000;

    /**
     * The mode in which the store is opened and used.
     *
     * @param mapped whether cached reads use SQLite's shared memory
     * @param beside whether each process has a second thread
     */
    record Terms(Durability durability, boolean mapped, boolean beside) {}

    /** Returns the number of the second thread as a worker; it differs for each process. */
    int besideWorker() {
        return MOST_WORKERS * (generation + 1) + worker;
    }

    /** Returns the file of the second thread's recording. */
    Path besideRecord() {
        return record.resolveSibling("beside-" + besideWorker());
    }

    /** Returns the rest of the order for another process: from this operation on, without the faults up to this one. */
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
