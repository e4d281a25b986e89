package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.VersionLookup;
import dev.fencepost.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Cursors, snapshots and transactions that conflict with others, such as retention. */
class CursorEdgeCasesTest extends LawTest {
    private static final Key<String> KEY = Key.text("plans/a");
    private static final EventStream<String> LOG = EventStream.text("log");
    private static final ChangeSource<Change<String>> PLANS = ChangeSource.values(Prefix.text("plans/"));
    private static final Cursor<Change<String>> CURSOR = Cursor.of("c", PLANS);

    private static long last(Store store) {
        try (Snapshot now = store.snapshot()) {
            return now.sequence();
        }
    }

    @Test
    void waitForChanges_writesNothing() {
        Store store = open();
        Agent agent = store.agent("reader");
        agent.put(KEY, "1").orThrow();
        agent.feed().claimBatch(CURSOR, Duration.ZERO).orElseThrow().acknowledge();
        long before = last(store);
        assertThat(agent.feed().claimBatch(CURSOR, Duration.ofMillis(700))).isEmpty();
        assertThat(last(store)).isEqualTo(before);
        agent.put(KEY, "2").orThrow();
        assertThat(agent.feed().claimBatch(CURSOR, Duration.ZERO).orElseThrow().changes())
                .hasSize(1);
    }

    @Test
    void cursorBehindForeignChanges_advances() {
        Store store = open();
        Agent agent = store.agent("reader");
        agent.put(KEY, "1").orThrow();
        agent.feed().claimBatch(CURSOR, Duration.ZERO).orElseThrow().acknowledge();
        for (int i = 0; i < 1_005; i++) {
            agent.put(Key.text("other"), "x").orThrow();
        }
        assertThat(agent.feed().claimBatch(CURSOR, Duration.ZERO)).isEmpty();
        assertThat(agent.feed().cursors().get(0).position()).isGreaterThan(1_000);
    }

    @Test
    void movedCursor_withWaitingConsumers_isConsumedFromThere() throws Exception {
        Store store = open();
        Agent agent = store.agent("operator");
        agent.put(KEY, "1").orThrow();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription one = store.agent("one").feed().subscribe(CURSOR, change -> seen.add("x"));
                Subscription two = store.agent("two").feed().subscribe(CURSOR, change -> seen.add("x"))) {
            for (int i = 1; i <= 5; i++) {
                int handed = i;
                Await.so(() -> seen.size() >= handed
                        && agent.feed().cursors().stream().anyMatch(cursor -> cursor.behind() == 0));
                agent.feed().move("c", 0);
            }
            Await.so(() -> seen.size() >= 6);
            assertThat(one.isRunning() && two.isRunning()).isTrue();
        }
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void movedCursor_withoutNewChanges_isConsumedFromThere() throws Exception {
        Store store = open();
        Agent agent = store.agent("operator");
        agent.put(KEY, "1").orThrow();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription running = store.agent("one").feed().subscribe(CURSOR, change -> seen.add("x"))) {
            Await.so(() -> seen.size() == 1 && agent.feed().cursors().get(0).behind() == 0);
            agent.feed().move("c", 0);
            Await.so(() -> seen.size() == 2);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void cursorWithoutConsumer_isMoved_withinExistingSequences() {
        Store store = open();
        Agent agent = store.agent("operator");
        agent.put(KEY, "1").orThrow();
        agent.feed().claimBatch(CURSOR, Duration.ZERO).orElseThrow().acknowledge();
        agent.feed().move("c", 0);
        assertThat(agent.feed().cursors())
                .extracting(CursorInfo::position, CursorInfo::behind)
                .containsExactly(tuple(0L, 1L));
        long last = last(store);
        assertThatThrownBy(() -> agent.feed().move("c", last + 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("from 0 to " + last);
        assertThatThrownBy(() -> agent.feed().move("c", -1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.feed().move("none", 0)).hasMessageContaining("No cursor 'none'");
        agent.feed().move("c", last);
        assertThat(agent.feed().cursors().get(0).position()).isEqualTo(last);
    }

    @Test
    void batch_afterItsCursorMoved_cannotBeAcknowledged() {
        Store store = open();
        Agent agent = store.agent("reader");
        agent.put(KEY, "1").orThrow();
        ClaimedBatch<Change<String>> taken =
                agent.feed().claimBatch(CURSOR, Duration.ZERO).orElseThrow();
        // SQL under the held claim is the one way past the fence.
        opener().atPrompt(
                        folder,
                        "UPDATE cursors SET position = 1, moved_by_commit = (SELECT max(sequence) FROM commits)");
        assertThatThrownBy(taken::acknowledge)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is no longer at sequence 0");
        assertThatThrownBy(() -> taken.project(tx -> tx.put(Key.text("late"), "x")))
                .isInstanceOf(InvalidInputException.class);
        assertThat(store.get(Key.text("late"))).isEmpty();
        taken.close();
    }

    @Test
    void cursorStart_beyondNewestCommit_isRefused() {
        Store store = open();
        Agent agent = store.agent("reader");
        agent.put(KEY, "1").orThrow();
        assertThatThrownBy(() -> agent.feed().claimBatch(CURSOR.withStart(1_000), Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("after sequence 1000")
                .hasMessageContaining("newest commit is");
        assertThat(agent.feed().cursors()).isEmpty();
        // The refused call has released its claim, so the next one succeeds.
        agent.put(KEY, "2").orThrow();
        try (ClaimedBatch<Change<String>> second =
                agent.feed().claimBatch(CURSOR.withStart(1), Duration.ZERO).orElseThrow()) {
            assertThat(second.changes()).hasSize(1);
        }
    }

    @Test
    void projection_underLostClaim_fails_andWritesNothing() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        Claim lost =
                agent.claim(Key.text("own"), Lease.of(Duration.ofMinutes(1))).orThrow();
        lost.release();
        agent.put(KEY, "1").orThrow();
        try (Subscription running = agent.feed().project(CURSOR, (tx, change) -> {
            tx.fencedBy(lost);
            tx.put(Key.text("late"), "x");
        })) {
            Await.so(() -> running.failure().isPresent());
            assertThat(running.failure().orElseThrow()).isInstanceOf(FencedException.class);
        }
        assertThat(store.get(Key.text("late"))).isEmpty();
    }

    @Test
    void unwrittenVersion_duringWrites_reportsAnOlderNewest() throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 4_000; i++) {
                agent.put(KEY, "x").orThrow();
            }
        });
        writer.start();
        Store other = open();
        for (long version = 1; version <= 4_000; ) {
            VersionLookup<String> answer = other.history().version(KEY, version);
            if (answer instanceof VersionLookup.NotYetWritten<String> future) {
                assertThat(future.newest()).isLessThan(version);
            } else if (answer.change().isPresent()) {
                version++;
            }
        }
        writer.join();
    }

    @Test
    void transaction_overtakenByPruning_runsAgain() {
        Store store = open();
        Agent agent = store.agent("writer");
        Key<String> first = Key.text("first");
        agent.put(first, "1").orThrow();
        agent.put(KEY, "old").orThrow();
        agent.append(LOG, new NewEvent<>("e1", "1"));
        agent.retention().setRule("", RetentionPolicy.latest(1));
        for (Key<String> read : List.of(KEY, Key.text("plans/"))) {
            int[] runs = {0};
            Optional<String> found = agent.transact(tx -> {
                tx.get(first);
                if (++runs[0] == 1) {
                    agent.put(KEY, "new").orThrow();
                    agent.retention().apply();
                }
                return read.equals(KEY)
                        ? tx.get(KEY).map(Versioned::value)
                        : tx.list(Prefix.text("plans/")).stream()
                                .map(Versioned::value)
                                .findFirst();
            });
            assertThat(found).contains("new");
            assertThat(runs[0]).isEqualTo(2);
        }
    }

    @Test
    void transaction_readingPrunedEvents_throwsPruned() {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.append(LOG, new NewEvent<>("e1", "1"));
        agent.append(LOG, new NewEvent<>("e2", "2"));
        agent.retention().setRule("", RetentionPolicy.latest(1));
        agent.retention().apply();
        assertThatThrownBy(() -> agent.transact(tx -> tx.events(LOG))).isInstanceOf(PrunedException.class);
    }
}
