package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.peers.Peer.Worker;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
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

    /** Runs a peer under a load. The first failure of a thread ends the run and is thrown. */
    static Outcome run(Peer peer, LoadSpec load) throws Exception {
        return new ClosedLoop(load).run(peer);
    }

    private Outcome run(Peer peer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(load.threads());
        try (Workers workers = new Workers()) {
            try {
                List<Future<Share>> shares = new ArrayList<>();
                for (int i = 0; i < load.threads(); i++) {
                    shares.add(threads.submit(work(workers.add(peer.worker()), new SplittableRandom(i))));
                }
                from = System.nanoTime() + load.warmUp().toNanos();
                until = from + load.length().toNanos();
                begin.countDown();
                return join(shares);
            } finally {
                failed = true;
                begin.countDown();
                threads.shutdown();
                threads.awaitTermination(1, TimeUnit.MINUTES);
            }
        }
    }

    /** The workers, which are closed after the end of their threads. */
    private static final class Workers implements AutoCloseable {
        private final List<Worker> workers = new ArrayList<>();

        Worker add(Worker worker) {
            workers.add(worker);
            return worker;
        }

        @Override
        public void close() throws IOException, SQLException {
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

    private Callable<Share> work(Worker worker, SplittableRandom random) {
        return () -> {
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
        };
    }

    private Outcome join(List<Future<Share>> shares) throws Exception {
        List<Long> counted = new ArrayList<>();
        long acknowledged = 0;
        long gaveUp = 0;
        Histogram latencies = new Histogram(DIGITS);
        for (Future<Share> future : shares) {
            Share share;
            try {
                share = future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a thread failed: " + e.getCause(), e.getCause());
            }
            counted.add(share.counted);
            acknowledged += share.acknowledged;
            gaveUp += share.gaveUp;
            latencies.add(share.latencies);
        }
        return new Outcome(counted, acknowledged, gaveUp, load.length(), latencies);
    }
}
