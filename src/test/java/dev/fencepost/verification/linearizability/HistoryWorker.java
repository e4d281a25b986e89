package dev.fencepost.verification.linearizability;

import dev.fencepost.Change;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The code of a process that takes part in one history after the other. */
final class HistoryWorker implements Worker {
    static final long LEASE_MILLIS = 60;
    private static final Duration HEARTBEAT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final WorkerConsole console;

    HistoryWorker(WorkerConsole console) {
        this.console = console;
    }

    @Override
    public String answer(String... words) {
        return switch (words[0]) {
            case "clock" -> "clock " + System.nanoTime();
            case "work" -> {
                work(WorkOrder.parse(String.join(" ", words)));
                yield "done";
            }
            case "tell" -> "told " + tell(Path.of(words[1]), Path.of(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static Store open(Path file, WorkOrder.Terms terms) {
        return Store.open(StoreConfig.of(file)
                .withDurability(terms.durability())
                .withMappedWalIndex(terms.mapped())
                .withHeartbeat(HEARTBEAT)
                .withWriteLockTimeout(PATIENCE));
    }

    private void work(WorkOrder order) {
        try (Store store = open(order.file(), order.terms())) {
            AtomicBoolean over = new AtomicBoolean(!order.terms().beside());
            CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> workBeside(store, order, over));
            try {
                workFirst(store, order);
            } finally {
                over.set(true);
                beside.join();
            }
        }
    }

    private void workFirst(Store store, WorkOrder order) {
        Map<Integer, String> faults = new TreeMap<>(order.faults());
        try (Recorder recorder = new Recorder(order.record())) {
            OperationRunner doing = new OperationRunner(recorder, order.worker(), order.from());
            OperationGenerator work =
                    new OperationGenerator(store, "worker-" + order.worker(), new Random(order.seed()), doing);
            while (doing.index() < order.to()) {
                int now = doing.index();
                List<Integer> due =
                        faults.keySet().stream().filter(at -> at <= now).toList();
                for (int at : due) {
                    fault(faults.remove(at), at, work);
                }
                work.next();
            }
            work.release();
        }
    }

    /** Runs the second thread until the first has done its share. */
    private static void workBeside(Store store, WorkOrder order, AtomicBoolean over) {
        try (Recorder recorder = new Recorder(order.besideRecord())) {
            OperationRunner doing = new OperationRunner(recorder, order.besideWorker(), 0);
            OperationGenerator work =
                    new OperationGenerator(store, "beside-" + order.worker(), new Random(~order.seed()), doing);
            while (!over.get()) {
                work.next();
            }
            work.release();
        }
    }

    private void fault(String kind, int at, OperationGenerator work) {
        if (kind.equals(WorkOrder.LATE)) {
            work.beLate(() -> {
                console.report(WorkOrder.LATE + " " + at);
                console.await();
            });
        } else {
            // The fault is injected from outside while this process continues.
            console.report(kind + " " + at);
        }
    }

    /** Records all versions of all keys, and returns the violations that the check of the file found. */
    private static String tell(Path file, Path record) {
        try (Store store = open(file, new WorkOrder.Terms(Durability.PROCESS_DEATH, true, false));
                Recorder recorder = new Recorder(record)) {
            for (String key : Keys.all()) {
                List<Change<String>> versions = new ArrayList<>(store.history().of(Keys.key(key)));
                Collections.reverse(versions);
                for (Change<String> version : versions) {
                    recorder.write(new StoredVersions(
                                    key,
                                    version.stamp().version(),
                                    version.value().orElse(Access.ABSENT),
                                    version.stamp().sequence())
                            .text());
                }
            }
            return String.join("; ", store.check().findings());
        }
    }
}
