package dev.fencepost.verification.linearizability;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One history, determined by a seed and an index.
 *
 * @param operations the number of operations of all processes together
 */
record HistoryRun(long seed, int index, int operations) {
    private static final String KEPT = "kept";
    private static final int KILLS = 1;
    private static final int STOPS = 1;
    private static final int LATE = 4;

    /**
     * The result of a history.
     *
     * @param folder the folder of the recording
     * @param faults the faults of the processes, by kind
     * @param findings the violations that the store's own check found
     */
    record Made(Path folder, int workers, Map<String, Integer> faults, String findings) {
        Recording recording() throws IOException {
            return new Recording(operations(folder, workers), Recording.readKept(folder.resolve(KEPT)));
        }
    }

    /** Makes the history, in its own file in the folder. */
    Made make(Workers crew, Path folder) throws IOException {
        Random random = new Random(seed * 1_000_003 + index);
        List<Map<Integer, String>> faults = faults(random, crew.size());
        Path file = folder.resolve("history.db");
        List<WorkOrder> orders = new ArrayList<>();
        int share = share(crew.size());
        for (int worker = 0; worker < crew.size(); worker++) {
            Path record = folder.resolve("worker-" + worker + ".");
            orders.add(
                    new WorkOrder(file, record, random.nextLong(), worker, 0, 0, share, terms(), faults.get(worker)));
        }
        Map<String, Integer> befell = crew.work(orders);
        return new Made(folder, crew.size(), befell, crew.tell(file, folder.resolve(KEPT)));
    }

    /** Returns the mode of the store; the histories cover each mode. */
    WorkOrder.Terms terms() {
        Durability durability = index % 4 == 3 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        return new WorkOrder.Terms(durability, index % 3 != 2, index % 2 == 1);
    }

    /** Returns the number of operations of the first thread of each process. The second thread does about as many. */
    private int share(int workers) {
        return operations / workers / (terms().beside() ? 2 : 1);
    }

    private List<Map<Integer, String>> faults(Random random, int workers) {
        List<Map<Integer, String>> faults = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            faults.add(new TreeMap<>());
        }
        int share = share(workers);
        for (int i = 0; i < KILLS + STOPS + LATE; i++) {
            String kind = i < KILLS ? WorkOrder.KILL : i < KILLS + STOPS ? WorkOrder.STOP : WorkOrder.LATE;
            faults.get(random.nextInt(workers)).put(share / 10 + random.nextInt(share * 4 / 5), kind);
        }
        return faults;
    }

    private static List<Operation> operations(Path folder, int workers) throws IOException {
        List<Operation> operations = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            operations.addAll(Recording.readWorker(worker, files(folder, "worker-" + worker + ".")));
        }
        for (Path beside : files(folder, "beside-")) {
            int worker = Integer.parseInt(beside.getFileName().toString().substring("beside-".length()));
            operations.addAll(Recording.readWorker(worker, List.of(beside)));
        }
        return operations;
    }

    private static List<Path> files(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }
}
