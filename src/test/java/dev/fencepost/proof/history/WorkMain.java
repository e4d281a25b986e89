package dev.fencepost.proof.history;

import dev.fencepost.Change;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

/**
 * A process that takes part in one history after the other, as lines on its standard input request. It ends at the end
 * of the input, so that it never outlives the tests.
 */
public final class WorkMain {
    static final long LEASE_MILLIS = 60;
    private static final Duration HEARTBEAT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private WorkMain() {}

    /** Runs the process. It takes no arguments; the lines on standard input are the orders. */
    public static void main(String[] args) throws IOException {
        new WorkMain().serve();
        // A heartbeat may be running; its end is not awaited.
        Runtime.getRuntime().halt(0);
    }

    private void serve() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                switch (words[0]) {
                    case "clock" -> out.println("clock " + System.nanoTime());
                    case "work" -> {
                        work(WorkOrder.parse(line));
                        out.println("done");
                    }
                    case "tell" -> {
                        out.println("told " + tell(Path.of(words[1]), Path.of(words[2])));
                    }
                    default -> out.println("failed what is " + words[0] + "?");
                }
            } catch (RuntimeException e) {
                e.printStackTrace();
                out.println("failed " + e);
            }
        }
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
                out.println(WorkOrder.LATE + " " + at);
                awaitWoken();
            });
        } else {
            // The fault is injected from outside while this process continues.
            out.println(kind + " " + at);
        }
    }

    private void awaitWoken() {
        try {
            String line = in.readLine();
            if (line == null) {
                Runtime.getRuntime().halt(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
