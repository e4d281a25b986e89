package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An acknowledged commit survives the death of any process at any instruction. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnAcknowledgedCommitSurvivesTest extends LawTest {
    private static final int KILLS = Integer.getInteger("fencepost.laws.kills", 200);
    private static final int READY = 3;
    private static final int MOST_LINES = 40;
    private static final int MOST_MICROS = 2_000;

    /** The numbers of writes that one killed process left behind. */
    private record Toll(int acknowledged, int unacknowledged) {}

    @Test
    void killedWhileWriting_nothingAcknowledgedIsLost() throws IOException {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        Random random = new Random(seed);
        Queue<WorkerProcess> ready = new ArrayDeque<>();
        long begin = System.nanoTime();
        int acknowledged = 0;
        int unacknowledged = 0;
        for (int round = 0; round < KILLS; round++) {
            while (ready.size() < Math.min(READY, KILLS - round)) {
                ready.add(startWorker());
            }
            WorkerProcess victim = ready.remove().awaitReady();
            assertThat(victim.ask("open", "durability=PROCESS_DEATH")).isEqualTo("opened");
            Toll toll = killOnce(victim, Key.text("victims/" + round), random);
            acknowledged += toll.acknowledged();
            unacknowledged += toll.unacknowledged();
        }
        System.out.printf(
                "%d kills in %.1f s: %d acknowledged commits, none lost; %d landed without an acknowledgement;"
                        + " -Dfencepost.laws.seed=%d%n",
                KILLS, (System.nanoTime() - begin) / 1e9, acknowledged, unacknowledged, seed);
        assertThat(acknowledged).isGreaterThan(KILLS);
        assertThat(unacknowledged).isLessThanOrEqualTo(KILLS);
        assertThat(open().check().findings()).isEmpty();
    }

    private Toll killOnce(WorkerProcess victim, Key<String> key, Random random) throws IOException {
        victim.tell("write", key.name());
        // Some answers, and then a pause. Its exact length does not matter, so it synchronizes nothing.
        List<String> said = new ArrayList<>();
        for (int lines = random.nextInt(MOST_LINES); lines >= 0; lines--) {
            said.add(victim.answer());
        }
        LockSupport.parkNanos(1_000L * random.nextInt(MOST_MICROS));
        victim.kill();
        said.addAll(victim.restOfAnswers());
        List<String> told = said.stream()
                .filter(line -> line.startsWith("ack "))
                .map(line -> line.substring("ack ".length()))
                .toList();
        try (Store store = Store.open(config())) {
            List<Change<String>> history = store.history().of(key);
            List<String> kept = IntStream.range(0, history.size())
                    .mapToObj(i -> history.get(history.size() - 1 - i))
                    .map(change -> change.value().orElseThrow() + " "
                            + change.stamp().version() + " " + change.stamp().sequence())
                    .toList();
            // At most the commit that was under way may be there without an acknowledgement.
            assertThat(kept.size() - told.size()).isBetween(0, 1);
            assertThat(kept.subList(0, told.size())).isEqualTo(told);
            return new Toll(told.size(), kept.size() - told.size());
        }
    }

    @Test
    void killedWhileCreating_theNextOneFindsAStore() throws IOException {
        Random random = new Random();
        for (int round = 0; round < 8; round++) {
            String place = "new-" + round;
            Files.createDirectory(folder.resolve(place));
            WorkerProcess victim = startWorker().awaitReady();
            victim.tell("open", "in=" + place);
            LockSupport.parkNanos(1_000_000L * random.nextInt(300));
            victim.kill();
            try (Store store = Store.open(opener().config(folder.resolve(place)))) {
                store.agent("next").put(Key.text("k"), "x").orThrow();
                assertThat(store.check().findings()).isEmpty();
            }
        }
    }
}
