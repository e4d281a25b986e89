package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Change;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.testing.WorkerProcess;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Processes that write at the same time: none waits while others are served again and again. */
class WritersTakeTurnsTest extends LawTest {
    private static final int PROCESSES = 8;
    private static final int EACH = 300;

    /**
     * The bound on overtaking. Strict turns would give less than one per process; the rest is left to the scheduler.
     */
    private static final int MOST_OVERTAKEN = 25 * PROCESSES;

    private static final Key<String> KEY = Key.text("counter");

    @Test
    void eightProcessesOnOneKey_overtakingIsBounded() {
        List<WorkerProcess> workers =
                IntStream.range(0, PROCESSES).mapToObj(i -> startWorker()).toList();
        for (WorkerProcess worker : workers) {
            worker.awaitReady();
            worker.tell("open", "durability=" + Durability.POWER_LOSS, "named=" + worker.pid())
                    .expect("opened");
        }
        workers.forEach(worker -> worker.tell("increment", "update", KEY.name(), Integer.toString(EACH)));
        workers.forEach(WorkerProcess::answer);

        List<String> writers = open().history().of(KEY).stream()
                .map(Change::stamp)
                .map(stamp -> stamp.writer())
                .collect(Collectors.toList());
        Collections.reverse(writers);
        assertThat(writers).hasSize(PROCESSES * EACH);
        assertThat(mostOvertaken(writers)).isLessThan(MOST_OVERTAKEN);
    }

    /** Returns the most commits of others between two of one writer, until the first writer is done. */
    private static int mostOvertaken(List<String> writers) {
        Map<String, Integer> last = new HashMap<>();
        Map<String, Integer> count = new HashMap<>();
        int most = 0;
        for (int i = 0; i < writers.size(); i++) {
            String writer = writers.get(i);
            Integer before = last.put(writer, i);
            if (before != null) {
                most = Math.max(most, i - before - 1);
            }
            if (count.merge(writer, 1, Integer::sum) == EACH) {
                break;
            }
        }
        System.out.println("a writer was overtaken " + most + " times at most");
        return most;
    }
}
