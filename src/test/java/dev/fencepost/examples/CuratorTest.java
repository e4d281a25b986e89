package dev.fencepost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Store;
import dev.fencepost.event.Event;
import dev.fencepost.event.Subscription;
import dev.fencepost.examples.Curation.Decided;
import dev.fencepost.examples.Curator.Discarded;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that propose and one curator that remembers. Kills of the curator neither lose nor repeat a decision. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CuratorTest {
    private static final int WORKERS = 4;
    private static final int PROPOSALS = 150;
    private static final int KILLS = 8;
    private static final long PAUSE = 5_000_000;

    @TempDir
    Path folder;

    private static void work(Store store, int worker, Random random) {
        Agent agent = store.agent("worker-" + worker);
        for (int i = 0; i < PROPOSALS; i++) {
            Curation.propose(agent, worker + "/" + i, random);
        }
    }

    @Test
    void killingTheCurator_losesAndDoublesNothing() throws Exception {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("curator: -Dfencepost.laws.seed=" + seed);
        Random random = new Random(seed);
        Path file = folder.resolve("memory.db");
        try (Store store = Store.open(CuratorProcess.config(file))) {
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                int worker = i;
                long own = random.nextLong();
                workers.add(new Thread(() -> work(store, worker, new Random(own))));
            }
            workers.forEach(Thread::start);
            for (int i = 0; i < KILLS; i++) {
                try (WorkerProcess curator = CuratorProcess.start(file);
                        WorkerProcess standby = CuratorProcess.start(file)) {
                    // The moment of the kill is random.
                    LockSupport.parkNanos(1_000_000L * random.nextInt(100));
                    curator.kill();
                    LockSupport.parkNanos(1_000_000L * random.nextInt(100));
                    standby.kill();
                }
            }
            for (Thread worker : workers) {
                worker.join();
            }
            try (Subscription curating = Curator.begin(store.agent("curator"))) {
                while (store.agent("curator").feed().cursors().get(0).behind() > 0) {
                    assertThat(curating.isRunning()).isTrue();
                    LockSupport.parkNanos(PAUSE);
                }
            }
            assertThat(store.events(Curator.PROPOSED)).hasSize(WORKERS * PROPOSALS);
            assertDecidedOnce(store);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** Asserts that a sequential run over all proposals has the same result. */
    private static void assertDecidedOnce(Store store) {
        Decided found = Curation.found(store);
        assertThat(found).isEqualTo(Curation.byHand(store, Long.MAX_VALUE));
        assertThat(store.events(Curator.DISCARDED)).extracting(Event::body).hasOnlyElementsOfType(Discarded.class);
        assertThat(found.remembered()).isNotEmpty();
        assertThat(found.discarded()).isNotEmpty();
    }
}
