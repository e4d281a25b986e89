package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.peers.Peer.Worker;
import dev.fencepost.benchmarks.run.Costs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Threads that commit one commit after the other, without a pause, and at least once. A commit counts if it is
 * acknowledged within the measured time. Its latency counts if it begins within that time, however long it takes.
 */
final class ClosedLoop {
    private static final int DIGITS = 3;

    private final LoadSpec load;
    private final CountDownLatch begin = new CountDownLatch(1);
    private volatile boolean failed;
    private long from;
    private long until;

    private ClosedLoop(LoadSpec load) {
        this.load = load;
    }

    /**
     * Runs a peer under a load. The first failure of a thread ends the run and is thrown.
     *
     * @param folder the folder of the peer's files
     */
    static Outcome run(Peer peer, LoadSpec load, Path folder) throws Exception {
        return new ClosedLoop(load).run(peer, folder);
    }

    private Outcome run(Peer peer, Path folder) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(load.threads());
        List<Worker> workers = new ArrayList<>();
        try {
            List<Future<Share>> shares = new ArrayList<>();
            for (int i = 0; i < load.threads(); i++) {
                Worker worker = peer.worker();
                workers.add(worker);
                SplittableRandom random = new SplittableRandom(i);
                shares.add(threads.submit(() -> work(worker, random)));
            }
            from = System.nanoTime() + load.warmUp().toNanos();
            until = from + load.length().toNanos();
            Costs before = Costs.now(folder, peer.servers());
            begin.countDown();
            Outcome outcome = join(shares);
            // The threads still exist, and so do their counts.
            return outcome.costing(Costs.now(folder, peer.servers()).since(before));
        } finally {
            failed = true;
            begin.countDown();
            threads.shutdown();
            threads.awaitTermination(1, TimeUnit.MINUTES);
            for (Worker worker : workers) {
                worker.close();
            }
        }
    }

    /** The results of one thread. */
    private final class Share {
        private final Histogram latencies = new Histogram(DIGITS);
        private long counted;
        private long acknowledged;
        private long gaveUp;

        void add(boolean committed, long before, long after) {
            boolean begunInTime = before - from >= 0;
            if (!committed) {
                gaveUp += begunInTime ? 1 : 0;
                return;
            }
            acknowledged++;
            counted += after - from >= 0 && after - until < 0 ? 1 : 0;
            if (begunInTime) {
                latencies.recordValue(after - before);
            }
        }
    }

    private Share work(Worker worker, SplittableRandom random) throws Exception {
        Share share = new Share();
        begin.await();
        try {
            // At least one commit, so that there is something to check even on a busy machine.
            long before = System.nanoTime();
            do {
                boolean committed = worker.commit(random.nextInt(load.keys()));
                long after = System.nanoTime();
                share.add(committed, before, after);
                before = after;
            } while (before - until < 0 && !failed);
        } catch (Exception | Error e) {
            failed = true;
            throw e;
        }
        return share;
    }

    private Outcome join(List<Future<Share>> shares) throws InterruptedException {
        List<Long> counted = new ArrayList<>();
        long acknowledged = 0;
        long gaveUp = 0;
        Histogram latencies = new Histogram(DIGITS);
        for (Future<Share> future : shares) {
            try {
                Share share = future.get();
                counted.add(share.counted);
                acknowledged += share.acknowledged;
                gaveUp += share.gaveUp;
                latencies.add(share.latencies);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a thread failed: " + e.getCause(), e.getCause());
            }
        }
        return new Outcome(counted, acknowledged, gaveUp, load.length(), latencies, Costs.none());
    }
}
