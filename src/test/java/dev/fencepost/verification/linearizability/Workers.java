package dev.fencepost.verification.linearizability;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerMain;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The worker processes of all histories. They are reused from one history to the next; only killed processes are
 * replaced. Not thread-safe.
 */
final class Workers implements AutoCloseable {
    /** Longer than a lease. */
    private static final long STOP_MILLIS = 2 * HistoryWorker.LEASE_MILLIS;

    private static final long PATIENCE_SECONDS = 120;

    private final Path folder;
    private final String classPath;
    private final BlockingQueue<WorkerProcess.Line> heard = new LinkedBlockingQueue<>();
    private final TimedStops stops = new TimedStops(this::woken);
    private final List<WorkerProcess> hands = new ArrayList<>();
    private final Map<Long, WorkerProcess> late = new HashMap<>();
    private Optional<WorkerProcess> spare = Optional.empty();

    /** Starts the processes, and checks that all read the same clock. */
    Workers(Path folder, String classPath, int size) {
        this.folder = folder;
        this.classPath = classPath;
        for (int i = 0; i < size; i++) {
            hands.add(start());
        }
        hands.forEach(this::compareClocks);
    }

    private WorkerProcess start() {
        JvmLauncher launcher = JvmLauncher.quick().withOptions("-Xmx96m").withClassPath(classPath);
        return new WorkerProcess(heard, launcher.withScratch(folder), HistoryWorker.class);
    }

    /** Times of different processes are comparable only if each reading lies between two readings here. */
    private void compareClocks(WorkerProcess hand) {
        long before = System.nanoTime();
        hand.tell("clock");
        long there = Long.parseLong(next("clock").substring("clock ".length()));
        if (there < before || there > System.nanoTime()) {
            throw new IllegalStateException("the processes of this host do not share one monotonic clock");
        }
    }

    int size() {
        return hands.size();
    }

    /** Runs all orders, one for each process, until they are complete. */
    Map<String, Integer> work(List<WorkOrder> orders) throws IOException {
        Map<String, Integer> faults = new TreeMap<>();
        List<WorkOrder> present = new ArrayList<>(orders);
        for (int i = 0; i < hands.size(); i++) {
            hands.get(i).tell(present.get(i).line());
        }
        for (int working = hands.size(); working > 0; ) {
            WorkerProcess.Line said = hear();
            int place = hands.indexOf(said.by());
            if (place < 0) {
                continue;
            }
            String[] words = line(said).split(" ");
            switch (words[0]) {
                case "done" -> working--;
                case WorkOrder.KILL ->
                    present.set(place, replace(place, present.get(place), Integer.parseInt(words[1])));
                case WorkOrder.LATE, WorkOrder.STOP -> stop(said.by(), words[0]);
                default -> throw failure(said);
            }
            faults.merge(words[0], 1, Integer::sum);
        }
        return faults;
    }

    private void stop(WorkerProcess hand, String kind) {
        if (kind.equals(WorkOrder.LATE)) {
            synchronized (late) {
                late.put(hand.pid(), hand);
            }
        }
        stops.stop(hand.pid(), STOP_MILLIS);
    }

    private void woken(long pid) {
        synchronized (late) {
            Optional.ofNullable(late.remove(pid)).ifPresent(hand -> hand.tell("woken"));
        }
    }

    /** Kills a process; another one continues after its last recorded operation. */
    private WorkOrder replace(int place, WorkOrder order, int fault) throws IOException {
        hands.get(place).close();
        WorkerProcess next = spare.orElseGet(this::start);
        hands.set(place, next);
        List<Operation> begun = Recording.readWorker(order.worker(), List.of(order.record()));
        WorkOrder rest = order.after(
                begun.isEmpty() ? order.from() : begun.get(begun.size() - 1).index() + 1, fault);
        next.tell(rest.line());
        spare = Optional.of(start());
        return rest;
    }

    /** Lets a process open the store again and record its content; returns the violations that it found in the file. */
    String tell(Path file, Path record) {
        hands.get(0).tell("tell " + file + " " + record);
        return next("told").substring("told ".length());
    }

    /** Returns the CPU time of the live processes. */
    Duration processorTime() {
        return hands.stream()
                .map(hand -> hand.handle().info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private String next(String wanted) {
        while (true) {
            WorkerProcess.Line said = hear();
            if (hands.contains(said.by())) {
                if (!line(said).startsWith(wanted)) {
                    throw failure(said);
                }
                return line(said);
            }
        }
    }

    private static String line(WorkerProcess.Line said) {
        return said.text().orElseThrow(() -> failure(said));
    }

    private static IllegalStateException failure(WorkerProcess.Line said) {
        return said.by().failure(said.text().map(text -> "said '" + text + "'").orElse("has ended"));
    }

    private WorkerProcess.Line hear() {
        try {
            WorkerProcess.Line said;
            do {
                said = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (said == null) {
                    throw new IllegalStateException("nothing was heard for " + PATIENCE_SECONDS + " seconds");
                }
            } while (said.text().equals(Optional.of(WorkerMain.READY)));
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hands.forEach(WorkerProcess::close);
        spare.ifPresent(WorkerProcess::close);
        stops.close();
    }
}
