package dev.fencepost.laws;

import static dev.fencepost.Precondition.ifAbsent;
import static dev.fencepost.Precondition.ifVersion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Conflict;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of concurrent writers that saw the same version, exactly one commits. */
class OneWinnerTest extends LawTest {
    private static final int PROCESSES = 8;
    private static final int EACH = 1_000;
    /** The claims of each process. A claim is handed on in milliseconds; the property makes short runs possible. */
    private static final int CLAIMS_EACH = Integer.getInteger("fencepost.laws.claims", 1_000);

    private static final int ROUNDS = 100;

    @Test
    void eightProcesses_eachWayOfCounting_loseNoIncrement() {
        List<WorkerProcess> workers = workers(PROCESSES);
        for (String way : List.of("update", "version", "transact")) {
            countUp(workers, way, EACH);
        }
        assertThat(open().check().findings()).isEmpty();
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void eightProcesses_waitingForClaims_loseNoIncrement() {
        countUp(workers(PROCESSES), "claim", CLAIMS_EACH);
        assertThat(open().check().findings()).isEmpty();
    }

    @Test
    void eightProcesses_withFullDurability_loseNoIncrement() {
        List<WorkerProcess> workers = workers(PROCESSES);
        workers.forEach(worker -> worker.tell("close"));
        workers.forEach(worker -> worker.expect("closed"));
        workers.forEach(worker -> worker.tell("open"));
        workers.forEach(worker -> worker.expect("opened"));
        countUp(workers, "update", EACH);
    }

    private void countUp(List<WorkerProcess> workers, String way, int each) {
        long begin = System.nanoTime();
        workers.forEach(worker -> worker.tell("increment", way, "counter/" + way, "" + each));
        workers.forEach(worker -> worker.expect("done"));
        System.out.printf("%d increments by %s: %.1f s%n", PROCESSES * each, way, (System.nanoTime() - begin) / 1e9);
        try (Store store = Store.open(config())) {
            assertThat(store.get(Key.text("counter/" + way)).orElseThrow()).satisfies(counter -> {
                assertThat(counter.value()).isEqualTo("" + PROCESSES * each);
                assertThat(counter.version()).isEqualTo(PROCESSES * each);
            });
        }
    }

    @Test
    void concurrentWritersOfOneVersion_exactlyOneCommits() {
        List<WorkerProcess> workers = workers(PROCESSES);
        for (int version = 0; version < ROUNDS; version++) {
            String seen = "" + version;
            workers.forEach(worker -> worker.tell("put", "contested", "mine", seen));
            List<String> answers = workers.stream().map(WorkerProcess::answer).toList();
            assertThat(answers).containsOnlyOnce("committed " + (version + 1));
            assertThat(answers)
                    .filteredOn(("conflict " + (version + 1))::equals)
                    .hasSize(PROCESSES - 1);
        }
    }

    @Test
    void concurrentCreators_findOneStore() throws IOException {
        List<WorkerProcess> workers = workers(6);
        for (int round = 0; round < 20; round++) {
            Files.createDirectory(folder.resolve("new-" + round));
            workers.forEach(worker -> worker.tell("close"));
            workers.forEach(worker -> worker.expect("closed"));
            String place = "in=new-" + round;
            workers.forEach(worker -> worker.tell("open", place));
            workers.forEach(worker -> worker.expect("opened"));
            workers.forEach(worker -> worker.tell("increment", "update", "counter", "2"));
            workers.forEach(worker -> worker.expect("done"));
            assertThat(workers.get(0).ask("get", "counter")).isEqualTo("value 12 12");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void sixteenThreads_loseNoIncrement_onOneStoreAndOnSeveral(int stores) throws Exception {
        List<Agent> agents = IntStream.range(0, stores)
                .mapToObj(i -> open().agent("agent-" + i))
                .toList();
        Key<String> counter = Key.text("counter");
        List<Callable<Void>> counting = IntStream.range(0, 16)
                .<Callable<Void>>mapToObj(i -> () -> {
                    for (int n = 0; n < 250; n++) {
                        agents.get(i % stores).update(counter, "0", c -> "" + (Long.parseLong(c) + 1));
                    }
                    return null;
                })
                .toList();
        inParallel(counting);
        Store store = open();
        assertThat(store.get(counter).orElseThrow().value()).isEqualTo("4000");
        assertThat(store.check().findings()).isEmpty();
    }

    private static void inParallel(List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Void>> results = new ArrayList<>(threads.invokeAll(tasks));
            for (Future<Void> result : results) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aVersionOnAnAbsentKey_isRefused() {
        Agent agent = open().agent("a");
        Key<String> key = Key.text("k");
        assertThat(agent.tryPut(key, "x", ifVersion(1))).isInstanceOf(Conflict.class);
        assertThat(agent.tryDelete(key)).isInstanceOf(Conflict.class);
        assertThat(agent.put(key, "x", ifVersion(0)).orThrow().version()).isEqualTo(1);
        assertThat(agent.tryPut(key, "y", ifAbsent())).isInstanceOf(Conflict.class);
        agent.delete(key).orThrow();
        // The deletion took version 2, but a deleted key has no version.
        assertThat(agent.tryPut(key, "x", ifVersion(1))).isInstanceOf(Conflict.class);
        assertThat(agent.tryPut(key, "x", ifVersion(2))).isInstanceOf(Conflict.class);
    }

    @Test
    void deletedAndCreatedAgain_anOldVersionIsRefused() {
        Store mine = open();
        Agent slow = mine.agent("slow");
        Agent quick = open().agent("quick");
        Key<String> key = Key.text("k");
        quick.put(key, "same text").orThrow();
        long seen = mine.get(key).orElseThrow().version();
        quick.delete(key).orThrow();
        assertThat(quick.put(key, "same text", ifAbsent()).orThrow().version()).isEqualTo(3);
        assertThat(slow.tryPut(key, "late", ifVersion(seen)))
                .isInstanceOfSatisfying(
                        Conflict.class,
                        conflict -> assertThat(conflict.message()).contains("quick", "3"));
        assertThat(slow.tryDelete(key, ifVersion(seen))).isInstanceOf(Conflict.class);
        assertThat(mine.get(key).orElseThrow().value()).isEqualTo("same text");
    }
}
