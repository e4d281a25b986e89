package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.Event;
import dev.fencepost.testing.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Several processes that consume by one cursor in turns. Some die; some stall and wake as zombies. */
class ConsumersTakeTurnsTest extends LawTest {
    private static final String HEARTBEAT = "heartbeat=50";
    private static final int CONSUMERS = 3;
    private static final int FAULTS = 8;
    private static final String PROJECTED = "projected";
    private static final String SUBSCRIBED = "subscribed";

    @Test
    void deadAndStalledConsumers_skipNothing_andProjectOnce() {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("consumers: -Dfencepost.laws.seed=" + seed);
        Random random = new Random(seed);
        Store store = open();
        WorkerProcess writer = worker();
        List<WorkerProcess> consumers = new ArrayList<>(workers(CONSUMERS, HEARTBEAT));
        consumers.forEach(ConsumersTakeTurnsTest::consume);
        awaitTurns(store, writer, consumers, random);

        writer.tell("scribble", "1500", Long.toString(random.nextLong()));
        for (int i = 0; i < FAULTS; i++) {
            int which = random.nextInt(CONSUMERS);
            pause(random.nextInt(300));
            if (random.nextBoolean()) {
                consumers.get(which).kill();
                consumers.set(which, worker(HEARTBEAT));
                consume(consumers.get(which));
            } else {
                stop(consumers.get(which));
                pause(random.nextInt(1_200));
                consumers.get(which).wake();
            }
        }
        writer.expect("scribbled");
        awaitEnd(store);
        consumers.forEach(WorkerProcess::kill);

        List<Change<String>> all = all(store.agent("reader"));
        assertThat(told(store, PROJECTED))
                .isEqualTo(all.stream().map(ChangeFeedCommands::told).toList());
        counts(all)
                .forEach((key, count) -> assertThat(store.get(Key.text("count/" + PROJECTED + "/" + key))
                                .map(Versioned::value))
                        .contains(Long.toString(count)));
        assertNothingSkipped(all, told(store, SUBSCRIBED));
        assertThat(store.check().findings()).isEmpty();
    }

    private static void consume(WorkerProcess worker) {
        worker.tell("project", PROJECTED).expect("projects");
        worker.tell("subscribe", SUBSCRIBED).expect("subscribes");
    }

    /** Pauses for a while. The exact time does not matter, so the pause synchronizes nothing. */
    private static void pause(int millis) {
        LockSupport.parkNanos(1_000_000L * millis);
    }

    /** Writes changes until every consumer has processed some. */
    private static void awaitTurns(Store store, WorkerProcess writer, List<WorkerProcess> consumers, Random random) {
        Set<String> wanted = new HashSet<>();
        consumers.forEach(consumer -> wanted.add(Long.toString(consumer.pid())));
        for (String cursor : List.of(PROJECTED, SUBSCRIBED)) {
            Set<String> seen = new HashSet<>();
            while (!seen.equals(wanted)) {
                writer.tell("scribble", "10", Long.toString(random.nextLong())).expect("scribbled");
                store.events(ChangeFeedCommands.told(cursor))
                        .forEach(event ->
                                seen.add(event.body().substring(event.body().indexOf(' ') + 1)));
            }
        }
    }

    private static void awaitEnd(Store store) {
        Agent agent = store.agent("reader");
        while (agent.feed().cursors().stream().anyMatch(cursor -> cursor.behind() > 0)) {
            pause(20);
        }
        assertThat(agent.feed().cursors()).extracting(CursorInfo::name).containsExactly(PROJECTED, SUBSCRIBED);
    }

    private static List<Change<String>> all(Agent agent) {
        List<Change<String>> all = new ArrayList<>();
        Batch<Change<String>> batch = new Batch<>(List.of(), 0, 0, true);
        while (batch.more()) {
            batch = agent.feed().read(ChangeSource.values(ChangeFeedCommands.IN), batch.through(), 100);
            all.addAll(batch.changes());
        }
        return all;
    }

    private static List<String> told(Store store, String cursor) {
        return store.events(ChangeFeedCommands.told(cursor)).stream()
                .map(Event::body)
                .map(body -> body.substring(0, body.indexOf(' ')))
                .toList();
    }

    private static Map<String, Long> counts(List<Change<String>> changes) {
        Map<String, Long> counts = new HashMap<>();
        changes.forEach(change -> counts.merge(change.key().name(), 1L, Long::sum));
        return counts;
    }

    /** Asserts that a change seen for the first time is the next one, and that any other was seen before. */
    private static void assertNothingSkipped(List<Change<String>> all, List<String> told) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            places.put(ChangeFeedCommands.told(all.get(i)), i);
        }
        int next = 0;
        for (String one : told) {
            int place = places.getOrDefault(one, Integer.MAX_VALUE);
            assertThat(place).as(one).isLessThanOrEqualTo(next);
            next = Math.max(next, place + 1);
        }
        assertThat(next).isEqualTo(all.size());
        System.out.println(told.size() - all.size() + " of " + all.size() + " changes were handed over again");
    }

    @Test
    void stoppedConsumer_afterTakeover_isFenced() {
        WorkerProcess zombie = worker(HEARTBEAT);
        Store store = open(config().withHeartbeat(Duration.ofMillis(50)));
        Agent heir = store.agent("heir");
        heir.put(ChangeFeedCommands.IN.key("k"), "1").orThrow();
        heir.put(ChangeFeedCommands.IN.key("k"), "2").orThrow();
        assertThat(zombie.ask("take", "c")).isEqualTo("taken 2");
        stop(zombie);
        try (ClaimedBatch<Change<String>> batch = heir.feed()
                .claimBatch(ChangeFeedCommands.cursor("c"), Duration.ofSeconds(60))
                .orElseThrow()) {
            assertThat(batch.changes()).extracting(ChangeFeedCommands::told).containsExactly("in/k#1", "in/k#2");
            zombie.wake();
            assertThat(zombie.ask("acknowledge")).isEqualTo("fenced LEASE_EXPIRED");
            assertThat(zombie.ask("project-taken", "late", "x")).isEqualTo("fenced LEASE_EXPIRED");
            batch.project(tx -> tx.put(Key.text("done"), "by the heir"));
        }
        // No other process consumes now, and the stopped consumer is still a zombie.
        assertThat(zombie.ask("acknowledge")).isEqualTo("fenced LEASE_EXPIRED");
        assertThat(store.get(Key.text("late"))).isEmpty();
        assertThat(store.get(Key.text("done"))).isPresent();
        assertThat(heir.feed().cursors().get(0).behind()).isZero();
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void movedCursor_fencesItsConsumer() {
        WorkerProcess worker = worker(HEARTBEAT);
        Store store = open(config().withHeartbeat(Duration.ofMillis(50)));
        Agent operator = store.agent("operator");
        operator.put(ChangeFeedCommands.IN.key("k"), "1").orThrow();
        assertThat(worker.ask("take", "c")).isEqualTo("taken 1");
        operator.feed().move("c", 0);
        assertThat(worker.ask("acknowledge")).isEqualTo("fenced REVOKED");
        assertThat(worker.ask("take", "c")).isEqualTo("taken 1");
        assertThat(worker.ask("acknowledge")).isEqualTo("acknowledged");
        assertThat(operator.feed().cursors().get(0).behind()).isZero();
    }
}
